-- SPDX-License-Identifier: GPL-3.0-or-later
-- What wrk posts, the same as Posts.java; and one line of JSON at the end, which Wrk.java reads.

local count = 0

function init(args)
  app, applications, device, prefix, rest = args[1], tonumber(args[2]), args[3], args[4], args[5]
  accounts = tonumber(args[6])
  prefix = prefix .. os.time() .. "-"
end

function request()
  count = count + 1
  local path, body = "/push", nil
  if accounts > 0 then
    path = "/v2/tokens/u" .. count % accounts .. "@example.com/push"
    body = '{"call-id":"' .. prefix .. count .. rest
  else
    body = '{"app-id":"' .. app .. count % applications .. '","token":"' .. device
    .. string.format("%02x", count % 256) .. '","call-id":"' .. prefix .. count .. rest
  end
  return "POST " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
    .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local e = summary.errors
  print(string.format('{"requests":%d,"micros":%d,"errors":%d}', summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
