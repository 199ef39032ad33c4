"""A copy of the source beside a build of it, in which one mutation after the other is built and tested."""
import json
import os
import re
import shutil
import signal
import subprocess
import time

NICE = os.environ.get("MUTANTS_NICE", "10")
SANITIZED = ", sanitized"  # behind the name of a test: in the build with address and undefined-behaviour sanitizers
ENV = {
    "CMOCKA_MESSAGE_OUTPUT": "TAP",
    "ASAN_OPTIONS": "detect_leaks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "GIT_CEILING_DIRECTORIES": "/",
    "PICLOG_CORPUS": "fixtures",
}
# A mutation may kill the wrong process or write to the wrong place: it sees its own processes only, and a read-only disk.
# Its /tmp and /var/tmp lie in the working folder, which may lie in /tmp: so that takes the way over /mnt.
CAGE = (
    'mount --make-rprivate / && mount --bind "$0" /mnt && mount --bind /mnt/tmp /tmp && mount --bind /mnt/tmp /var/tmp && mkdir -p "$0" && mount --move /mnt "$0" && '
    'mount -o remount,bind,ro / && echo 1000 >/proc/self/oom_score_adj && cd "$1" && shift && exec "$@"'
)
UNSHARE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def cli_cases(root):
    """The cases of the suite "cli" by name; each may be run by itself, as "cli NAME"."""
    return sorted(name.removesuffix(".sh") for name in os.listdir(os.path.join(root, "tests/cli/cases")) if name.endswith(".sh"))


class Bench:
    def __init__(self, root, work):
        self.root, self.work = root, os.path.abspath(work)
        self.tree = os.path.join(self.work, "tree")
        self.tests, self.seconds, self.changed = {}, {}, {}
        os.makedirs(os.path.join(self.work, "tmp"), exist_ok=True)
        self.copy()
        caged = subprocess.run(UNSHARE + ["sh", "-c", CAGE, self.work, "/", "true"], capture_output=True)
        self.cage = [] if caged.returncode else UNSHARE + ["sh", "-c", CAGE, self.work]
        if caged.returncode:
            print("# not root: mutations run without a cage of their own")

    def copy(self):
        """Brings the copy up to date; what did not change keeps its time, so that it is not built again."""
        listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=self.root, capture_output=True, check=True)
        wanted = {name for name in listed.stdout.decode().split("\0") if name and os.path.isfile(os.path.join(self.root, name))}
        for folder, folders, names in os.walk(self.tree):
            folders[:] = [name for name in folders if name != "node_modules"]
            for name in names:
                if os.path.relpath(os.path.join(folder, name), self.tree) not in wanted:
                    os.remove(os.path.join(folder, name))
        for name in wanted:
            source, target = os.path.join(self.root, name), os.path.join(self.tree, name)
            with open(source, "rb") as file:
                data = file.read()
            if os.path.exists(target):
                with open(target, "rb") as file:
                    if file.read() == data:
                        continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(source, target)
            os.utime(target)

    # ---- Building --------------------------------------------------------------------------------------

    def flavour(self, test):
        return "sanitized" if test.endswith(SANITIZED) else "plain"

    def known_tests(self, flavour):
        """Tests of a build by name, with the files that each needs. The build is set up first."""
        if flavour in self.tests:
            return self.tests[flavour]
        build = os.path.join(self.work, flavour)
        if not os.path.exists(os.path.join(build, "build.ninja")):
            sanitize = ["-Db_sanitize=address,undefined", "-Db_lundef=false", "--buildtype=debugoptimized"]
            compiler = "clang" if flavour == "sanitized" else "gcc"
            env = dict(os.environ, CC=f"ccache {compiler}" if shutil.which("ccache") else compiler)
            command = ["meson", "setup", "--werror", build, self.tree] + (sanitize if flavour == "sanitized" else [])
            subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
        if self.ninja(flavour, ["build.ninja"]):
            raise SystemExit("the build cannot be set up")
        with open(os.path.join(build, "meson-info/intro-targets.json"), encoding="utf-8") as file:
            outputs = {target["id"]: [os.path.relpath(name, build) for name in target["filename"]] for target in json.load(file)}
        with open(os.path.join(build, "meson-info/intro-tests.json"), encoding="utf-8") as file:
            found = {test["name"]: test for test in json.load(file)}
        for name in cli_cases(self.tree):
            found[f"cli {name}"] = dict(found["cli"], cmd=found["cli"]["cmd"] + [f"{self.tree}/tests/cli/cases/{name}.sh"])
        for test in found.values():
            test["needs"] = [name for target in test["depends"] for name in outputs.get(target, [])]
        self.tests[flavour] = found
        return found

    def ninja(self, flavour, targets):
        """The errors of the compiler; empty: all is well."""
        command = ["nice", "-n", NICE, "ninja", "-C", os.path.join(self.work, flavour)] + targets
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return "" if done.returncode == 0 else done.stdout.decode(errors="replace")

    def find(self, test):
        flavour = self.flavour(test)
        return self.known_tests(flavour).get(test.removesuffix(SANITIZED))

    def build(self, test):
        return self.ninja(self.flavour(test), self.find(test)["needs"] or ["all"])

    # ---- Testing ---------------------------------------------------------------------------------------

    def run(self, test, limit_s):
        """What failed first ("": nothing, "timeout"), and the seconds that it took."""
        found = self.find(test)
        build = os.path.join(self.work, self.flavour(test))
        env = dict(os.environ, **ENV, **found["env"])
        env["PICLOG_CORPUS"] = os.path.join(self.tree, "fixtures")
        command = (self.cage + [build] if self.cage else []) + found["cmd"]
        began = time.monotonic()
        log = os.path.join(self.work, "log")
        with open(log, "wb") as output:
            process = subprocess.Popen(["nice", "-n", NICE] + command, cwd=build, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            code, failed = None, []
            while code is None and not failed and time.monotonic() - began < limit_s:
                try:
                    code = process.wait(0.2)
                except subprocess.TimeoutExpired:
                    failed = self.failures(log)  # one is enough
            if code is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.monotonic() - began
        failed = failed or self.failures(log)
        shutil.rmtree(os.path.join(self.work, "tmp"), ignore_errors=True)
        os.makedirs(os.path.join(self.work, "tmp"), exist_ok=True)
        if failed:
            return re.sub(r"^- ", "", failed[0]).strip(), seconds
        return "timeout" if code is None else "" if code == 0 else f"ended with {code}", seconds

    def failures(self, log):
        """What a test that prints TAP says so far."""
        with open(log, "rb") as file:
            text = file.read().decode(errors="replace")
        return [line for line in re.findall(r"^\s*not ok \d+ (.*)\n", text, flags=re.M) if "# SKIP" not in line]

    def baseline(self, test):
        """Builds and runs a test without any mutation, once. What is wrong with it, or ""."""
        if test not in self.seconds:
            if not self.find(test):
                return "there is no such test"
            fault = self.build(test)
            if fault:
                return f"it does not build: {fault[-1500:]}"
            failed, seconds = self.run(test, 600)
            if failed:
                return f"it fails without any mutation: {failed}"
            self.seconds[test] = seconds
        return ""

    def try_test(self, test):
        """Of the mutation that is applied: what failed, or ""."""
        fault = self.build(test)
        if fault:
            return "it does not build"
        return self.run(test, 20 + 6 * self.seconds.get(test, 20))[0]

    # ---- Mutating --------------------------------------------------------------------------------------

    def apply(self, patch):
        """Applies a patch file to the copy; False: it does not fit. Undone by restore()."""
        with open(patch, encoding="utf-8") as file:
            names = re.findall(r"^\+\+\+ b/(\S+)", file.read(), flags=re.M)
        originals = {}
        for name in names:
            path = os.path.join(self.tree, name)
            if not os.path.exists(path):
                return False
            with open(path, "rb") as file:
                originals[path] = file.read()
        command = ["git", "apply", "--whitespace=nowarn", os.path.abspath(patch)]
        env = dict(os.environ, GIT_CEILING_DIRECTORIES=self.work)
        if subprocess.run(command, cwd=self.tree, env=env, capture_output=True).returncode:
            return False
        self.changed = originals
        return True

    def restore(self):
        for path, data in self.changed.items():
            with open(path, "wb") as file:
                file.write(data)
        self.changed = {}
