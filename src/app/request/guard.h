/* Who asks: sessions, same origin, and the token that a form must bring back. Called by dispatch.c. */
#ifndef PICLOG_APP_REQUEST_GUARD_H
#define PICLOG_APP_REQUEST_GUARD_H

#include "app/request/app.h"

/* Names of cookies, with the __Host- prefix on https. */
const char *guard_session_cookie(const struct app *app);
const char *guard_pre_session_cookie(const struct app *app);

/* Fills viewer, session_secret, pre_session, came_with_token from Authorization and cookies. Returns 0, or 401 for a
   Bearer token that is not valid. */
int guard_find_viewer(struct request *req) __attribute__((warn_unused_result));

/* Makes the owner of a token the viewer. Returns 0, or 401 when it is not valid. */
int guard_take_token(struct request *req, const char *secret) __attribute__((warn_unused_result));

enum basic_status {
    BASIC_OK = 0,
    BASIC_UNKNOWN,  /* neither Basic nor Bearer */
    BASIC_PASSWORD, /* what stands in the place of the password has not the form of a token: it is not looked at */
    BASIC_WRONG     /* no token of that name */
};

/* Makes the owner of a token the viewer, for routes that speak Basic (RFC 7617): the name, and the token as the
   password. No password is ever compared, as that would be hashed for each request. Bearer is taken as well. */
enum basic_status guard_take_basic(struct request *req, const char *authorization) __attribute__((warn_unused_result));

/* Begins a session in this browser, which from then on knows the name: makes it, sets the cookies, forgets the
   pre-session and the session that was there. */
enum store_status guard_sign_in(struct request *req, struct response *res, int64_t account, const char *name)
    __attribute__((warn_unused_result));
/* 0, or the seconds to wait before another password for this name may be tried from this browser. */
int guard_guess_wait_s(struct request *req, const char *name);
/* Ends the session of this browser. */
void guard_sign_out(struct request *req, struct response *res);

/* 1 when nothing says that the request was made by another site: Sec-Fetch-Site, Origin, Referer, as far as sent. */
int guard_same_origin(const struct request *req);
/* 1 when nothing says that a page of another site asked: for programs, which may send any Referer. */
int guard_is_program(const struct request *req);
/* 1 when the browser vouches that no page asked, but the person: Sec-Fetch-Site "none" (or our own page). */
int guard_is_shared(const struct request *req);

/* Gives the browser a pre-session cookie when it has neither that nor a session. */
void guard_pre_session(struct request *req, struct response *res);

/* The token for hidden fields, masked anew for every page; "" without session and pre-session. In the arena. */
const char *guard_csrf_token(struct request *req);
/* For the forms of one page, so that each does its work once (domain/once.h). NULL: nobody is signed in. */
const char *guard_fresh_key(struct request *req);
/* 1 when the form field "csrf" or the header X-CSRF-Token holds the token made for the cookie. Constant time. */
int guard_csrf_check(struct request *req);

#endif
