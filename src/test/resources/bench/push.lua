-- SPDX-License-Identifier: GPL-3.0-or-later
-- What wrk posts, the same as Posts.java; and one line of JSON at the end, which Wrk.java reads.

local count = 0

function init(args)
  path, accounts, applications, device, prefix = args[1], tonumber(args[2]), tonumber(args[3]), args[4], args[5]
  first, second, third, last = args[6], args[7], args[8], args[9]
  phones, another, kind = tonumber(args[10]), args[11], args[12]
  before, after = path:match("^(.*)%*(.*)$")
  prefix = prefix .. os.time() .. "-"
end

function request()
  count = count + 1
  local to, body = path, nil
  if accounts > 0 then
    to = before .. "u" .. count % accounts .. "@example.com" .. after
    body = third .. prefix .. count .. last
  else
    body = first .. count % applications .. second .. device .. string.format("%02x", count * phones % 256)
    for phone = 1, phones - 1 do
      body = body .. another .. count % applications .. second .. device
      .. string.format("%02x", (count * phones + phone) % 256)
    end
    body = body .. third .. prefix .. count .. last
  end
  return "POST " .. to .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " .. kind .. "\r\nContent-Length: "
    .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local e = summary.errors
  print(string.format('{"requests":%d,"micros":%d,"errors":%d}', summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
