/*
 * Signals. The handler notes the signal, and has an alarm repeat it: everything that has to be cleaned up is cleaned up
 * by the threads themselves when they see stop_requested(). It refuses to exit from a handler.
 */
#include "stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static atomic_int stop_signal; /* 0: nobody asked; -1: asked from within; else the signal */

static void stop_note(int signal_number)
{
    int expected = 0;
    atomic_compare_exchange_strong(&stop_signal, &expected, signal_number);
}

/* From then on SIGALRM comes every second: a read that was just about to wait would not have been woken. */
static void stop_note_and_wake(int signal_number)
{
    if (signal_number != SIGALRM)
        stop_note(signal_number);
    alarm(1);
}

static void stop_wake(int signal_number)
{
    (void)signal_number; /* its only effect is EINTR */
}

void stop_install(void)
{
    static const int wanted[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct sigaction old, action = {.sa_handler = stop_note_and_wake};
        sigemptyset(&action.sa_mask);
        /* What nohup or a shell ignores for us stays ignored. */
        if (sigaction(wanted[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(wanted[i], &action, NULL);
    }
    struct sigaction wake = {.sa_handler = stop_wake};
    sigemptyset(&wake.sa_mask);
    sigaction(SIGUSR1, &wake, NULL);
    struct sigaction again = {.sa_handler = stop_note_and_wake};
    sigemptyset(&again.sa_mask);
    sigaction(SIGALRM, &again, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

bool stop_requested(void)
{
    return atomic_load_explicit(&stop_signal, memory_order_relaxed) != 0;
}

int stop_callback(void *context)
{
    (void)context;
    return stop_requested();
}

void stop_request(void)
{
    stop_note(-1);
}

void stop_interrupt(pthread_t thread)
{
    pthread_kill(thread, SIGUSR1);
}

void stop_die_of_signal(void)
{
    int signal_number = atomic_load(&stop_signal);
    if (signal_number > 0) {
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
}
