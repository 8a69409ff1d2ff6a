# Plays runs beside each other, each with an emulator, a workspace and an audit of its own, and
# sums up. A run has a `name`, a `mark` and play(keep) -> (complaints, whether what the
# mark says is so, scene).
# SPDX-License-Identifier: MPL-2.0
import argparse
import collections
import concurrent.futures
import json
import os
import random
import sys
import time
import traceback

from workspace import audit

LONG_JOBS = 6
BEGUN = time.monotonic()


def jobs():
    # Most of a run is waiting: for timeouts, for processes to start.
    return int(os.environ.get("AUDIT_JOBS", 2 * (os.cpu_count() or 2)))


def read_options(add_own):
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only")
    parser.add_argument("--match", help="all whose name matches this")
    parser.add_argument("--report", help="a file for the results, as JSON")
    add_own(parser)
    options = parser.parse_args()
    if not (options.all or options.sample or options.only or options.match
            or getattr(options, "list", False)):
        parser.error("one of --all, --sample, --only, --match")
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 32)
    print(f"the seed is {options.seed}")
    return options


def share(draw, count, groups):
    """So many of all groups, of each as many, and one at least."""
    return [run for group in groups
            for run in draw.sample(group, min(len(group), max(1, count // len(groups))))]


def play(run, keep):
    """(run, complaints, seconds, mark, place)"""
    begun = time.monotonic()
    try:
        complaints, mark, scene = run.play(keep)
        return run, complaints, time.monotonic() - begun, mark, scene.root
    except Exception:  # a run that breaks is a run that failed, and the others go on
        return (run, [(0, traceback.format_exc())], time.monotonic() - begun, True, "nowhere")


def play_all(runs, keep=False):
    if not runs:
        sys.exit("no such run")
    results = []
    # The long ones do nothing but wait, and have a pool of their own.
    with (concurrent.futures.ThreadPoolExecutor(LONG_JOBS) as long_pool,
          concurrent.futures.ThreadPoolExecutor(jobs()) as pool):
        waiting = [(long_pool if getattr(run, "is_long", False) else pool).submit(
            play, run, keep) for run in runs]
        for future in concurrent.futures.as_completed(waiting):
            results.append(future.result())
            run, complaints, seconds, mark, place = results[-1]
            if len(results) % 100 == 0:
                print(f"… {len(results)} of {len(runs)}")
            if complaints or keep:
                print(f"{'FAILED' if complaints else 'ok'} {run.name} ({seconds:.1f} s, "
                      f"{run.mark if mark else 'not ' + run.mark}), left in {place}")
                for number, complaint in complaints:
                    print(f"  check {number}: {complaint}")
            sys.stdout.flush()
    return results


def summarise(program, results, report=None):
    """Prints it. True: all survived."""
    if report:
        with open(report, "w", encoding="utf-8") as stream:
            json.dump([{"name": run.name, "complaints": complaints, "seconds": round(seconds, 2),
                        run.mark: mark} for run, complaints, seconds, mark, _ in results],
                      stream, indent=1)
    kinds = collections.Counter()
    for _, complaints, *_ in results:
        kinds.update({audit.KINDS.get(number, "broken") for number, _ in complaints})
    survived = [mark for _, complaints, _, mark, _ in results if not complaints]
    print(f"{program}: {len(results)} runs, {len(survived)} survived ({sum(survived)} "
          f"{results[0][0].mark}), {kinds['lost']} lost something, {kinds['stray']} had stray "
          f"writes, {kinds['other'] + kinds['broken']} failed otherwise, in "
          f"{time.monotonic() - BEGUN:.0f} s")
    for name in sorted(run.name for run, complaints, *_ in results if complaints):
        print(f"  again: {program} --only {name}")
    return len(survived) == len(results)
