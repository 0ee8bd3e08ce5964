-- FreeSWITCH wakes the phones of a user through Pushserver, waits for them, and bridges. For FreeSWITCH 1.10, with
-- mod_lua and mod_curl; as scripts/wake.lua. The page src/docs/pbx/freeswitch.md says how to try it.
--   <action application="lua" data="wake.lua ${destination_number} pbx.example.com"/>
-- Change the next three lines.
local URL, WAIT_S, PROFILE = "http://127.0.0.1:8400/push", 15, "internal"
local HEADERS = ""                              -- with a key: " append_headers X-Api-Key:KEY"

local api = freeswitch.API()
local function encode(s)                        -- percent-encoding
  return (s:gsub("[^%w%-%._~]", function(c) return string.format("%%%02X", c:byte()) end))
end
local function unxml(s)
  return (s:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&apos;", "'"):gsub("&amp;", "&"))
end
local function post(form)                       -- mod_curl decodes its data once and splits it at spaces: encoded again
  local ask = URL .. " connect-timeout 2 timeout " .. WAIT_S .. HEADERS .. " post " .. encode("answer=form&" .. form)
  local give_up, answer, code = os.time() + 5, "", 0
  repeat                                        -- nothing listens while Pushserver is started anew; one that stops says 503
    if answer ~= "" then freeswitch.msleep(1000) end
    answer = api:execute("curl", ask) or "none"
    code = tonumber(answer:match("code=(%d+)")) or 0
  until (code ~= 0 and code ~= 503) or os.time() >= give_up
  if code < 200 or code > 299 then freeswitch.consoleLog("WARNING", "Pushserver answered " .. answer .. "\n") end
  return code, answer:match("gone=([^&%s]*)") or ""
end

if argv[1] == "over" then                       -- a leg has answered: the other phones stop ringing
  post("event=cancel&reason=answered&call-id=" .. argv[2] .. "&except=" .. argv[3])
  return
end

local user, domain = argv[1], argv[2]
local aor = user .. "@" .. domain
local function var(n) return session:getVariable(n) or "" end
local call_id = encode(var("sip_call_id"))
local name = var("caller_id_name"):gsub("\\(.)", "%1")      -- still with the backslashes of SIP

-- Which phones are there: contact and Call-ID of each registration
local form, pushed, awake = "", 0, 0
local woken = freeswitch.EventConsumer("CUSTOM", "sofia::register")      -- before the push
local status = api:execute("sofia", "xmlstatus profile " .. PROFILE .. " user " .. aor) or ""
for reg in status:gmatch("<registration>(.-)</registration>") do
  local contact = unxml(reg:match("<contact>(.-)</contact>") or "")
  if contact:find(";pn%-prid=") or contact:find(";pn%-tok=") then
    pushed = pushed + 1
    form = form .. "&ref=" .. encode(unxml(reg:match("<call%-id>(.-)</call%-id>") or "")) .. "&contact=" .. encode(contact)
  else
    awake = awake + 1                           -- a desk phone
  end
end
if pushed > 0 then
  local video = var("switch_r_sdp"):find("m=video", 1, true) and "video" or "audio"
  local code, gone = post("event=incoming_session&wait=3&ttl=" .. WAIT_S .. "&call-id=" .. call_id .. "&media-type=" .. video ..
    "&from=" .. encode("sip:" .. var("sip_from_user") .. "@" .. var("sip_from_host")) ..
    "&from-display-name=" .. encode(name) .. "&to=" .. encode("sip:" .. aor) .. form)
  for ref in gone:gmatch("[^+]+") do            -- phones that have lost the app: forget them
    api:execute("sofia", "profile " .. PROFILE .. " flush_inbound_reg " ..
      ref:gsub("%%(%x%x)", function(c) return string.char(tonumber(c, 16)) end))
  end
  if code < 200 or code > 299 then pushed = 0 end
end
if pushed + awake == 0 then
  session:hangup("SUBSCRIBER_ABSENT")           -- 480
  return
end
if awake == 0 then
  session:execute("ring_ready")
  local give_up = os.time() + WAIT_S
  while awake == 0 and session:ready() and os.time() < give_up do
    local e = woken:pop(1, 300)
    if e and e:getHeader("from-user") == user then awake = 1 end
  end
end
if awake > 0 and session:ready() then
  session:setVariable("hangup_after_bridge", "true")
  session:setVariable("continue_on_fail", "true")
  -- FreeSWITCH writes a quote into From as it is, and then calls nobody
  session:setVariable("effective_caller_id_name", (name:gsub('"', "'")))
  local legs = {}
  for leg in (api:execute("sofia_contact", "*/" .. aor) or ""):gmatch("[^,]+") do
    legs[#legs + 1] = pushed == 0 and leg or "[api_on_answer='luarun wake.lua over " .. call_id .. " " ..
      encode(leg:match("sip:.*") or "") .. "']" .. leg
  end
  session:execute("bridge", table.concat(legs, ","))
end
if pushed > 0 and var("originate_disposition") ~= "SUCCESS" then
  post("event=cancel&reason=timeout&call-id=" .. call_id)
  if session:ready() then session:hangup("SUBSCRIBER_ABSENT") end
end
