-- Asks the addresses of the file named last on the command line, one after the other, each thread from its own place.
local addresses, at = {}, 0
init = function(arguments)
  for line in io.lines(arguments[1]) do addresses[#addresses + 1] = line end
end
request = function()
  at = at % #addresses + 1
  return wrk.format("GET", addresses[at])
end
done = function(summary, latency, requests)
  local errors = summary.errors
  io.stderr:write(string.format("status %d, connect %d, read %d, write %d, timeout %d\n", errors.status, errors.connect, errors.read, errors.write, errors.timeout))
  local wrong = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("%.1f %.3f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000, wrong))
end
