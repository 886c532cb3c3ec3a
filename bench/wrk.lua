-- One line of figures: requests a second, the 95th percentile in milliseconds, answers that were no success.
done = function(summary, latency, requests)
  local errors = summary.errors
  local wrong = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("%.1f %.3f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000, wrong))
end
