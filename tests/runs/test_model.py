from runs.model import RunState


def test_a_run_ends_done_errored_or_lost():
    assert {state for state in RunState if state.terminal} == {
        RunState.DONE,
        RunState.ERRORED,
        RunState.LOST,
    }
