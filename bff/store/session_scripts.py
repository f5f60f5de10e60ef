"""What Redis does to sessions in one step each; every script judges by the instants that are kept, not by Redis's clock."""

from __future__ import annotations

# One trip per request: is the session alive, may it ask once more this minute, and it was seen now.
OPEN = """
local kept = redis.call('HMGET', KEYS[1], 'sealed', 'seen_at', 'ends_at', 'replaced_until', 'repeat', 'agreed')
local now = tonumber(ARGV[1])
if not kept[1] or now >= tonumber(kept[3]) or now >= tonumber(kept[2]) + tonumber(ARGV[2]) then
  return {'unknown'}
end
if kept[4] and (now >= tonumber(kept[4]) or kept[5] ~= ARGV[3]) then
  return {'unknown'}
end
local asked = redis.call('INCR', KEYS[2])
if asked == 1 then
  redis.call('EXPIRE', KEYS[2], 120)
end
if asked > tonumber(ARGV[4]) then
  return {'limited'}
end
if now > tonumber(kept[2]) then
  redis.call('HSET', KEYS[1], 'seen_at', ARGV[1])
end
return {'open', kept[1], kept[6] or ''}
"""

# A session that was revoked or replaced meanwhile must not come back to life under a new token; what was withdrawn
# meanwhile stays withdrawn.
REPLACE = """
local kept = redis.call('HMGET', KEYS[1], 'ends_at', 'replaced_until', 'agreed')
if not kept[1] or kept[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'replaced_until', ARGV[1], 'repeat', ARGV[2])
redis.call('EXPIRE', KEYS[1], 120)
redis.call('HSET', KEYS[2], 'sealed', ARGV[3], 'seen_at', ARGV[4], 'ends_at', kept[1], 'agreed', kept[3] or '')
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('HDEL', KEYS[3], ARGV[6])
redis.call('HSET', KEYS[4], ARGV[6], ARGV[7])
redis.call('EXPIRE', KEYS[4], ARGV[5])
return 1
"""

REVOKE = """
local token_hash = redis.call('HGET', KEYS[1], ARGV[1])
if not token_hash then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('DEL', ARGV[2] .. token_hash)
"""

# Ends a session whose last request may still be repeated for a while.
RETIRE = """
redis.call('HDEL', KEYS[2], ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'replaced_until', ARGV[1], 'repeat', ARGV[2])
return redis.call('EXPIRE', KEYS[1], 120)
"""

# Adds a text to what all of an owner's sessions stand by, or takes it away. A text is named by hexadecimal digits, so
# nothing in it means more than itself to gsub.
AGREE = """
for _, token_hash in ipairs(redis.call('HVALS', KEYS[1])) do
  local key = ARGV[1] .. token_hash
  local agreed = redis.call('HGET', key, 'agreed')
  if agreed then
    agreed = string.gsub(agreed, ' ' .. ARGV[2], '')
    if ARGV[3] == 'stands' then
      agreed = agreed .. ' ' .. ARGV[2]
    end
    redis.call('HSET', key, 'agreed', agreed)
  end
end
if ARGV[3] == 'stands' then
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], '1', 'EX', 60)
end
"""
