-- Every post is another person's, at one of a few addresses and behind a proxy: a repeat would be answered more cheaply,
-- and one address would be refused.
local places = {
  "street=24+Beacon+St&city=Boston&zip=02108",
  "street=795+Massachusetts+Ave&city=Cambridge&zip=02139",
  "street=&city=Chelsea&zip=02150",
  "street=500+Main+St&city=Worcester&zip=01608",
  "street=&city=Provincetown&zip=02657",
}
local letter = string.rep("I+ask+you+to+support+this+bill%2C+for+all+of+us.%0D%0A", 8)
local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["Sec-Fetch-Site"] = "same-origin" }
local number = 0

request = function()
  number = number + 1
  headers["X-Forwarded-For"] = string.format(
    "24.%d.%d.%d", math.floor(number / 65536) % 256, math.floor(number / 256) % 256, number % 256)
  local body = "first_name=Ana&last_name=Silva&email=ana" .. RUN .. "." .. number .. "%40mail.example&"
    .. places[number % #places + 1] .. "&lang=en&disclose=full&website=&message=" .. letter
  return wrk.format("POST", nil, headers, body)
end

init = function(args) RUN = args[1] end

done = function(summary, latency)
  io.write(string.format('{"rate": %.1f, "p50": %.2f, "p99": %.2f, "errors": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.status + summary.errors.read + summary.errors.timeout + summary.errors.connect))
end
