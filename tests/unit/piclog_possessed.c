/*
 * The whole service, but for its workers: an upload that begins with "attack NAME" takes them over (attacks.h).
 * Built for tests only, never installed. What is no worker is left to the main of the service itself.
 */
#include "attacks.h"

int piclog_main(int argc, char **argv);

#define main piclog_main
#include "../../src/main.c"
#undef main

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "worker-template") == 0)
        _exit(worker_template_main(3, attacks_work, WORKER_SPARE_MS));
    if (argc == 2 &&
        strcmp(argv[1], "runs-i386") == 0) /* asked by the test, which skips that attack where it cannot be made */
        return attacks_run_i386() ? 0 : 1;
    return piclog_main(argc, argv);
}
