-- For wrk: uploads the pictures named in FILES (one a line) in turns, as raw bodies with the token in TOKEN.
local bodies = {}
for path in io.lines(os.getenv('FILES')) do
    local file = io.open(path, 'rb')
    bodies[#bodies + 1] = file:read('*a')
    file:close()
end
local headers = { ['Authorization'] = 'Bearer ' .. os.getenv('TOKEN'), ['Content-Type'] = 'image/jpeg' }
local turn = 0

function request()
    turn = turn % #bodies + 1
    return wrk.format('POST', '/api/pictures', headers, bodies[turn])
end

function done(summary)
    io.write(string.format('uploads %.3f errors %d\n', summary.requests / summary.duration * 1e6,
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
