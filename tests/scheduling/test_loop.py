"""The loop that waits: with a clock that a test moves, people set and a sleeping machine leaves behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kpicore import Job, KpiError, Schedule, Stop, run_jobs, schedule_given
from kpicore.testing import MadeUpClock
from tests.loops import loop

MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""A Monday."""
HOURLY = schedule_given(cron="0 * * * *")
HOUR = 3_600


@dataclass
class Trial:
    """A loop to be run for some seconds; `runs` has who acted when, as the clock showed it, `told` what failed."""

    clock: MadeUpClock = field(default_factory=lambda: MadeUpClock(MORNING))
    stop: Stop = field(default_factory=Stop)
    jobs: list[Job] = field(default_factory=list)
    runs: list[tuple[str, datetime]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def job(
        self, name: str, when: Schedule | Callable[[], str], act: Callable[[], None] = lambda: None, **more
    ) -> None:
        def run() -> None:
            self.runs.append((name, self.clock.now()))
            act()

        self.jobs.append(Job(name, when, run, **more))

    def run(self, seconds: float, jitter: float = 0.0, chance: float = 0.0) -> list[str]:
        """Return when each job acted, the last of these seconds included: "hourly 08:00:00"."""
        self.clock.at(self.clock.elapsed() + seconds + 0.5, self.stop.set)
        run_jobs(self.jobs, self.clock, stop=self.stop, tell=self.tell, jitter_seconds=jitter, chance=lambda: chance)
        self.stop = Stop()
        return [f"{name} {moment:%H:%M:%S}" for name, moment in self.runs]

    def tell(self, job: Job, error: KpiError, seconds: float) -> None:
        self.told.append(f"{job.name}: {error} {seconds:.0f} s")


def failing(text: str = "Google is away.") -> Callable[[], None]:
    def act() -> None:
        raise KpiError(text)

    return act


def test_jobs_run_at_their_times():
    trial = Trial()
    trial.job("hourly", HOURLY)
    trial.job("often", schedule_given(every="25 min"))
    assert trial.run(2 * HOUR) == [
        *("often 07:25:00", "often 07:50:00", "hourly 08:00:00"),
        *("often 08:15:00", "often 08:40:00", "hourly 09:00:00"),
    ]


def test_what_was_missed_while_no_process_ran_is_done_once_at_the_start():
    trial = Trial()
    trial.job("hourly", HOURLY, since=MORNING - timedelta(days=3))
    trial.job("done", HOURLY, since=MORNING)
    trial.job("done in the future", HOURLY, since=MORNING + timedelta(days=900))
    assert trial.run(HOUR) == [
        "hourly 07:00:00",
        *(f"{job} 08:00:00" for job in ("hourly", "done", "done in the future")),
    ]


def test_after_the_machine_slept_each_job_runs_once():
    trial = Trial()
    trial.job("hourly", HOURLY)
    trial.job("often", schedule_given(every="30 min"))
    trial.clock.at(100, lambda: trial.clock.set_by(5 * HOUR))
    # 07:01:40 and five hours; half hours go on from where they were
    assert trial.run(HOUR) == [
        "hourly 12:01:40",
        "often 12:01:40",
        "often 12:30:00",
        "hourly 13:00:00",
        "often 13:00:00",
    ]


def test_a_clock_that_is_set_back_repeats_nothing_and_stalls_nothing():
    trial = Trial()
    trial.job("hourly", HOURLY)
    trial.job("often", schedule_given(every="30 min"))
    trial.clock.at(HOUR + 60, lambda: trial.clock.set_by(-HOUR / 2))
    hourly, often = [], []
    for run in trial.run(2 * HOUR):
        (hourly if run.startswith("hourly") else often).append(run.split()[1])
    assert hourly == ["08:00:00"]  # 08:00 comes again half an hour later, 09:00 not within two hours
    assert often == ["07:30:00", "08:00:00", "08:01:00"]  # half an hour from where it was set back


def test_a_clock_that_was_years_ahead_stalls_nothing_once_it_is_set_right():
    trial = Trial()
    trial.job("hourly", HOURLY)
    trial.job("often", schedule_given(every="30 min"))
    trial.clock.at(60, lambda: trial.clock.set_by(4 * 365 * 24 * HOUR))
    trial.clock.at(120, lambda: trial.clock.set_by(-4 * 365 * 24 * HOUR))
    assert trial.run(HOUR)[2:] == ["often 07:32:00", "hourly 08:00:00"]


def test_jitter_is_as_chance_says_and_at_most_a_tenth_of_the_time_between():
    trial = Trial()
    trial.job("hourly", HOURLY)
    trial.job("often", schedule_given(every="100 s"))
    assert trial.run(HOUR + 60, jitter=60, chance=0.5)[-1] == "hourly 08:00:30"
    assert [moment.second for name, moment in trial.runs if name == "often"][:3] == [50, 30, 10]  # 10 s late each time


def test_a_change_is_acted_on_within_a_look_and_once():
    trial, text = Trial(), ["a"]
    trial.job("data", lambda: text[0])
    trial.clock.at(61, lambda: text.__setitem__(0, "b"))
    assert trial.run(HOUR) == ["data 07:00:00", "data 07:01:02"]


def test_what_changes_while_it_acts_is_acted_on_too():
    trial, text = Trial(), ["a"]

    def act() -> None:
        trial.clock.wait(30)
        text[0] = "b"

    trial.job("data", lambda: text[0], act)
    assert trial.run(300) == ["data 07:00:00", "data 07:00:32"]


def test_what_fails_is_tried_again_after_pauses_that_grow_up_to_a_quarter_of_an_hour():
    trial = Trial()
    trial.job("data", lambda: "a", failing())
    runs = trial.run(2 * HOUR)
    # 2, 4, 8 … seconds after each other
    assert runs[:6] == [f"data 07:{time}" for time in ("00:00", "00:02", "00:06", "00:14", "00:30", "01:02")]
    assert trial.told[0] == "data: Google is away. 2 s"
    assert trial.told[-1] == "data: Google is away. 900 s"
    assert len(runs) == 1 + 9 + 6  # 2 … 512 s are 1022 s, then six quarters of an hour


def test_another_text_is_tried_soon_after_a_failure_and_then_no_more_than_before():
    trial, text, broken = Trial(), ["a"], [True]

    def act() -> None:
        if broken[0]:
            raise KpiError("broken.")

    def mend() -> None:
        text[0], broken[0] = "b", False

    trial.job("data", lambda: text[0], act)
    trial.clock.at(700, mend)
    assert trial.run(2 * HOUR)[-1] == "data 07:11:40"


def test_a_job_of_a_schedule_that_fails_is_tried_before_its_next_time():
    trial, left = Trial(), [2]

    def act() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise KpiError("no network yet.")

    trial.job("hourly", HOURLY, act)
    assert trial.run(2 * HOUR) == [f"hourly {time}" for time in ("08:00:00", "08:00:02", "08:00:06", "09:00:00")]


def test_whatever_a_job_raises_is_told_and_the_others_go_on():
    trial = Trial()
    for error in (ValueError("x"), SystemExit(3), RecursionError(), StopIteration()):
        trial.job(type(error).__name__, HOURLY, lambda error=error: (_ for _ in ()).throw(error))
    trial.job("sound", HOURLY)
    assert trial.run(HOUR)[-1] == "sound 08:00:00"
    assert trial.told[0] == "ValueError: internal error, ValueError: x 2 s"
    assert len(trial.told) == 4


def test_a_look_that_raises_is_told_with_growing_pauses_and_acts_on_nothing():
    trial, looks = Trial(), []

    def look() -> str:
        looks.append(trial.clock.elapsed())
        if 10 < trial.clock.elapsed() < 600:
            raise KpiError("cannot look.")
        return "a"

    trial.job("data", look)
    assert trial.run(HOUR) == ["data 07:00:00"]
    assert len(trial.told) == 9  # 12, 14, 18 … 522 s
    assert looks[-1] == HOUR


def test_jobs_that_take_long_let_the_others_go_first_in_turn():
    trial = Trial()
    for name in ("slow", "slower"):
        trial.job(name, schedule_given(every="10 s"), lambda: trial.clock.wait(60))
    trial.job("quick", schedule_given(every="30 s"))
    names = Counter(run.split()[0] for run in trial.run(HOUR))
    assert names == {"slow": 30, "slower": 30, "quick": 29}


def test_a_job_that_stays_in_the_list_goes_on_as_it_was_and_new_ones_begin():
    trial = Trial()
    trial.job("data", lambda: "a")
    trial.job("hourly", HOURLY)

    def change() -> None:
        old, trial.jobs[:] = list(trial.jobs), []
        trial.job("new", schedule_given(every="1 h"))
        trial.jobs += old[:1]
        trial.job("hourly", HOURLY)

    trial.clock.at(1_800, change)
    assert trial.run(5_500) == ["data 07:00:00", "hourly 08:00:00", "new 08:30:00"]


def test_it_stops_within_a_look_and_after_what_is_in_flight():
    trial = Trial()
    trial.job("first", lambda: "a", lambda: (trial.clock.wait(100), trial.runs.append(("ended", trial.clock.now()))))
    trial.job("second", lambda: "a")
    assert trial.run(50) == ["first 07:00:00", "ended 07:01:40"]
    assert Trial().run(500) == []
    trial = Trial()
    trial.run(501)
    assert trial.clock.elapsed() <= 501 + 2


def test_an_act_that_changes_the_list_is_followed_by_what_stands_there_then():
    trial = Trial()
    trial.job("first", lambda: "a", lambda: trial.jobs.pop())
    trial.job("gone", lambda: "a")
    assert trial.run(10) == ["first 07:00:00"]


EVENTS = st.lists(
    st.tuples(st.integers(1, 6 * HOUR), st.integers(-2 * HOUR, 5 * HOUR) | st.integers(-90, 90)), max_size=8
)
CRONS = st.sampled_from(["*/7 * * * *", "0 * * * *", "30 8,9,11 * * *", "*/20 7-9 * * mon-fri", "0 0 * * *"])


@loop("schedules with clocks that are set and machines that sleep", ci=20, soak=1_000)
@given(CRONS, EVENTS, st.floats(0, 60), st.floats(0, 1), st.integers(0, 900))
def test_no_time_has_two_runs_and_none_stays_away(cron, events, jitter, chance, seconds):
    trial, schedule = Trial(), schedule_given(cron=cron)
    clock, times, shown = trial.clock, [], [MORNING]

    def act() -> None:
        # since the run before, or what somebody set the clock back to since: a time that no run had
        times.append(last_time(schedule, min(shown), clock.now(), times))
        shown[:] = [clock.now()]
        clock.wait(seconds)

    def is_set(by: int) -> None:
        clock.set_by(by)
        shown.append(clock.now())

    def left_alone() -> None:
        # the next time comes, in the same loop: another one would not know which times are done
        alone_since.append(len(times))
        left = first_not_in(times, schedule, clock.now()) - clock.now()
        clock.at(clock.elapsed() + left.total_seconds() + jitter + seconds + 2, trial.stop.set)

    alone_since = list[int]()
    trial.job("job", schedule, act)
    for at, by in events:
        clock.at(at, lambda by=by: is_set(by))
    clock.at(7 * HOUR, left_alone)
    trial.run(80 * HOUR, jitter, chance)
    assert trial.told == []
    assert len(times) > alone_since[0]


def last_time(schedule: Schedule, since: datetime, until: datetime, done: list[datetime]) -> datetime:
    """Return the last time of a schedule between two moments that no run had."""
    times, time = [], schedule.next_after(since)
    while time <= until:
        times.append(time)
        time = schedule.next_after(time)
    return [time for time in times if time not in done][-1]


def first_not_in(times: list[datetime], schedule: Schedule, moment: datetime) -> datetime:
    time = schedule.next_after(moment)
    while time in times:
        time = schedule.next_after(time)
    return time


@loop("jitter of any size", ci=100, soak=2_000)
@given(st.floats(0, 10_000), st.floats(0, 1), st.integers(10, 5_000))
def test_jitter_is_within_its_bounds(jitter, chance, seconds):
    trial = Trial()
    trial.job("job", schedule_given(every=f"{seconds} s"))
    trial.run(seconds * 3, jitter, chance)
    for number, (_, moment) in enumerate(trial.runs, 1):
        late = (moment - MORNING).total_seconds() - number * seconds
        assert 0 <= late <= min(jitter * chance, seconds / 10) + 0.001
