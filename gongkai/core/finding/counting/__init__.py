"""What is asked: counted for many people together, never for one."""
