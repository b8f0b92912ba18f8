-- What wrk is to ask, where it is given paths, each in its turn; and what it is to say at the end, for programs: one line of JSON.
function init(paths)
   if #paths > 0 then
      local turn = 0
      function request()
         turn = turn % #paths + 1
         return wrk.format(nil, paths[turn])
      end
   end
end

function done(summary, latency, requests)
   local errors = summary.errors
   local count = errors.connect + errors.read + errors.write + errors.timeout + errors.status
   local said = '{"requests": %d, "microseconds": %d, "errors": %d, "p99": %d}\n'
   io.write(string.format(said, summary.requests, summary.duration, count, latency:percentile(99)))
end
