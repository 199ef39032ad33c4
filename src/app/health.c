/*
 * For whoever looks after a piclog: is it alive (/healthz, for load balancers), and how much does it do (/metrics, in
 * the Prometheus text format, only for this machine: see LOOPBACK in dispatch.c). Holds no names and no addresses. Read
 * next: app.h, where the numbers are kept.
 */
#include "base/clock.h"
#include "app/request/live.h"
#include "app/handlers.h"

void health_check(struct request *req, struct response *res)
{
    int is_alive = db_number(request_db(req), QUERY_ACCOUNT_COUNT, -1) >= 0;
    res->status = is_alive ? 200 : 503;
    res->cache = CACHE_NEVER;
    respond_json(req, res, json_pack("{s:b}", "ok", is_alive));
}

static void line(struct buf *out, const char *name, const char *labels, uint64_t value)
{
    buf_printf(out, "piclog_%s%s %llu\n", name, labels, (unsigned long long)value);
}

void health_metrics(struct request *req, struct response *res)
{
    struct app_metrics *metrics = &req->app->metrics;
    struct pool_stats pool = {0};
    struct buf *out = &res->body;
    pool_stats(req->app->pool, &pool);
    line(out, "uptime_seconds", "", (uint64_t)(clock_now_s() - req->app->started_s));
    for (int i = 1; i < 6; i++) {
        char labels[24];
        snprintf(labels, sizeof labels, "{status=\"%dxx\"}", i);
        line(out, "requests_total", labels, metrics->requests[i]);
    }
    line(out, "requests_limited_total", "", metrics->limited);
    line(out, "cache_hits_total", "", metrics->cache_hits);
    line(out, "sent_bytes_total", "", metrics->sent_bytes);
    line(out, "received_bytes_total", "", metrics->received_bytes);
    line(out, "connections", "", (uint64_t)metrics->connections);
    line(out, "streams", "", (uint64_t)live_count(req->app->live));
    line(out, "connections_refused_total", "", metrics->refused_connections);
    line(out, "uploads_in_flight_bytes", "", (uint64_t)metrics->uploads_in_flight_bytes);
    line(out, "crushes_running", "", (uint64_t)pool.running);
    line(out, "crushes_waiting", "", (uint64_t)pool.waiting);
    line(out, "crushes_total", "{result=\"ok\"}", pool.finished);
    line(out, "crushes_total", "{result=\"refused\"}", pool.refused);
    line(out, "crushes_total", "{result=\"died\"}", pool.died);
    line(out, "crushes_total", "{result=\"late\"}", pool.late);
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/plain; version=0.0.4; charset=utf-8");
}
