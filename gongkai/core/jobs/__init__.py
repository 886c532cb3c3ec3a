"""Background work: what a person or the clock asked for and a worker does, tried again with bounds.

A job is asked for inside the transaction of the change that wants it:

    with transaction.atomic():
        upload = keep_upload(...)
        ask("import_upload", {"upload": upload.pk}, key=str(upload.pk), title="导入上传的文件（25 份）", doing=doing)

and done by a function in the `tasks` room of an installed app (`tasks/jobs` where that is a folder),
which every worker loads:

    @job("import_upload", tries=5)
    def import_upload(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
        waiting = files_of(arguments["upload"])
        for number, file in enumerate(waiting, 1):
            take_in(file, run.now())           # an action, in a transaction of its own
            run.progress(number, len(waiting))
        return {"files": len(waiting)}

The function may be run again at any time, also after it did all its work and was killed before
that could be written down: it looks for what is missing and does that. Arguments, titles and
results hold references and figures, never personal data. See docs/decisions/0015-jobs.md.
"""
