-- What wrk is to say at the end, for programs: one line of JSON.
function done(summary, latency, requests)
   local errors = summary.errors
   local count = errors.connect + errors.read + errors.write + errors.timeout + errors.status
   io.write(string.format('{"requests": %d, "microseconds": %d, "errors": %d}\n', summary.requests, summary.duration, count))
end
