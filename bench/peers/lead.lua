-- What wrk posts: the documented example, another person, ID and vendor in each request.
-- The ids of the organization come from the environment; the answer goes out as one line of JSON.
local path = os.getenv("LEAD_PATH")
local seed = tonumber(os.getenv("LEAD_SEED"))
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", seed * 100 + threads)
end

function init(args)
  count = 0
  before = '{"CaptorraId":"' .. os.getenv("LEAD_CAPTORRA_ID") .. '","First":"John","Last":"Smith '
  referrers = {}
  for one in string.gmatch(os.getenv("LEAD_REFERRERS"), "%S+") do
    referrers[#referrers + 1] = '","Referrer":"' .. one
  end
  between = '","Primary":"5555555555",' ..
    '"Secondary":"5555555556","Email":"john@example.com","Address":"123 Main St.",' ..
    '"City":"Philadelphia","State":"PA","Zip":"19146","County":"Philadelphia","BestTime":"9am",' ..
    '"Details":"Details of the case.","Type":"' .. os.getenv("LEAD_TYPE") ..
    '","Keyword":"Personal Injury Law","ID":"'
  headers = {["Content-Type"] = "application/json", ["Accept"] = "application/json"}
end

function request()
  count = count + 1
  local id = number .. "-" .. count
  return wrk.format("POST", path, headers, before .. id .. referrers[count % #referrers + 1] .. between .. id .. '"}')
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
