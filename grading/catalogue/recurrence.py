"""F: recurrences. t is the step of a loss, s that of a use of the weight, T the last step.

See `grading.arrays.steps` and, of gated cells, `grading.arrays.gates`.
"""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Generator, Mistake


def _slope_lost(gate: str) -> Generator:
    return lambda q: q.gates.slopes_lost(gate)


RECURRENCE: Final = (
    Mistake(
        "F1", "earlier states constant",
        "You treated the earlier state as a constant at each time step: the paths back through time are "
        "missing.",
        5, lambda q: q.steps.kept(lambda t, s, T: t == s),
    ),
    Mistake(
        "F2", "only a few time steps back",
        "You went back only a few time steps: each loss reaches back to the first one.",
        5, lambda q: q.steps.truncated(),
    ),
    Mistake(
        "F2f", "back within windows only",
        "You went back within windows only ({where}): every loss depends on all steps before it.",
        3, lambda q: q.steps.windows(),
    ),
    Mistake(
        "F2b", "one way back missing",
        "One way back in time is missing ({where}).",
        2, lambda q: q.each_way_back(lambda right, c: right - c),
    ),
    Mistake(
        "F2c", "one way back only",
        "You counted one way back in time alone ({where}): all of them add up.",
        2, lambda q: q.each_way_back(lambda right, c: c),
    ),
    Mistake(
        "F2d", "one way back counted twice",
        "One way back in time is counted twice ({where}).",
        2, lambda q: q.each_way_back(lambda right, c: right + c),
    ),
    Mistake(
        "F2e", "sign of one way back",
        "One way back in time has the wrong sign ({where}).",
        1, lambda q: q.each_way_back(lambda right, c: right - 2.0 * c),
    ),
    Mistake(
        "F3a", "last step's term only",
        "You counted the use at the last step alone: the parameter is used at every step.",
        4, lambda q: q.steps.kept(lambda t, s, T: s == T),
    ),
    Mistake(
        "F3b", "first step's term only",
        "You counted the use at the first step alone: the parameter is used at every step.",
        3, lambda q: q.steps.kept(lambda t, s, T: s == 1),
    ),
    Mistake(
        "F3c", "one step's term only",
        "You counted the use at one step alone ({where}): the parameter is used at every step.",
        2, lambda q: q.steps.each_step(lambda right, c: c),
    ),
    Mistake(
        "F3d", "one step's term missing",
        "The use at one step is missing ({where}): the parameter is used at every step.",
        2, lambda q: q.steps.each_step(lambda right, c: right - c),
    ),
    Mistake(
        "F4", "only the last loss",
        "You used the loss of the last time step only: the losses of all steps add up.",
        5, lambda q: q.steps.kept(lambda t, s, T: t == T),
    ),
    Mistake(
        "F4b", "one loss only",
        "You counted the loss at one step alone ({where}): the losses of all steps add up.",
        2, lambda q: q.steps.each_loss(lambda right, c: c),
    ),
    Mistake(
        "F4c", "one loss missing",
        "The loss at one step is missing ({where}): the losses of all steps add up.",
        3, lambda q: q.steps.each_loss(lambda right, c: right - c),
    ),
    Mistake(
        "F5", "mean over time",
        "You took the mean over the time steps: their contributions add up.",
        4, lambda q: q.steps.mean(),
    ),
    Mistake(
        "F6", "activation's derivative forgotten",
        "The derivative of the activation is missing: it stands at each time step.",
        5, lambda q: q.steps.slope_one(),
    ),
    Mistake(
        "F7", "activation's derivative one step early",
        "You took the derivative of the activation at the state before: it is taken at the state of the "
        "same time step.",
        4, lambda q: q.steps.slope_before(),
    ),
    Mistake(
        "F8", "recurrent weight not transposed",
        "On the way back from step to step you did not transpose the recurrent weight as needed.",
        4, lambda q: q.steps.untransposed(),
    ),
    Mistake(
        "F9", "wrong state in a product",
        "The weight multiplies the state before: its gradient has that state, not the one of the same time "
        "step.",
        4, lambda q: q.steps.state_after(),
    ),
    Mistake(
        "F10", "carried twice",
        "You counted twice what comes back from the next time step.",
        3, lambda q: q.steps.carried_twice(),
    ),
    Mistake(
        "F10c", "carried gradient lost",
        "At one step you lost what comes back from the step after it ({where}).",
        3, lambda q: q.steps.carried_lost(),
    ),
    Mistake(
        "F11", "first time step left out",
        "The first time step is missing: the weight is used there too.",
        4, lambda q: q.steps.kept(lambda t, s, T: s > 1),
    ),
    Mistake(
        "F11b", "last step left out",
        "The last step's contribution is missing: the parameter is used there too.",
        3, lambda q: q.steps.kept(lambda t, s, T: s < T),
    ),
    Mistake(
        "F12a", "stopped after one step",
        "Of the initial state's derivative you counted the first step's loss alone: all later losses "
        "depend on it.",
        3, lambda q: q.steps.first_loss(),
    ),
    Mistake(
        "F12b", "as if linear",
        "You went back to the initial state through the weights alone: the activations' derivatives "
        "belong to "
        "every step.",
        3, lambda q: q.steps.linear(),
    ),
    Mistake(
        "F15", "path through the cell state missing",
        "The path from cell state to cell state is missing: what comes from the step after is added "
        "to what comes "
        "from the output.",
        5, lambda q: q.gates.cell_path_lost(),
    ),
    Mistake(
        "F17", "forget gate missing on the cell's path",
        "Going back from cell state to cell state you forgot the forget gate.",
        4, lambda q: q.gates.forget_lost(),
    ),
    Mistake(
        "F18", "derivative of the cell's tanh missing",
        "Between output and cell state the derivative of tanh is missing.",
        4, lambda q: q.gates.squashing_lost(),
    ),
    Mistake(
        "F19", "gates' derivatives missing",
        "The derivatives of the gates' sigmoids are missing.",
        4, lambda q: q.gates.slopes_lost("i", "f", "o"),
    ),
    Mistake(
        "F19b", "derivatives of gates and candidate missing",
        "The derivatives of the gates' sigmoids and of the candidate's tanh are missing.",
        3, lambda q: q.gates.slopes_lost("i", "f", "o", "g"),
    ),
    *(
        Mistake(
            f"F19{letter}", "one gate's derivative missing",
            f"The derivative of the {name} is missing.",
            3, _slope_lost(gate),
        )
        for letter, gate, name in (
            ("c", "i", "input gate's sigmoid"), ("d", "f", "forget gate's sigmoid"),
            ("e", "o", "output gate's sigmoid"), ("f", "g", "candidate's tanh"),
        )
    ),
    Mistake(
        "F20a", "cell state of the same step",
        "At the forget gate you took the cell state of the same step: the gate multiplies the one before.",
        4, lambda q: q.gates.state_of_same_step(),
    ),
    Mistake(
        "F20b", "cell state without its tanh",
        "At the output gate you took the cell state itself: the gate multiplies its tanh.",
        4, lambda q: q.gates.state_unsquashed(),
    ),
    Mistake(
        "F21", "path through the state before missing",
        "The path from the gates back to the state before is missing.",
        4, lambda q: q.gates.state_path_lost(),
    ),
    Mistake(
        "F22a", "another gate's gradient",
        "You gave the gradient of another gate ({where}): look at the order of the gates.",
        4, lambda q: q.gates.other_gate(),
    ),
    Mistake(
        "F22b", "order of the gates",
        "The gates' blocks stand in another order in your gradient.",
        4, lambda q: q.gates.permuted(),
    ),
    Mistake(
        "F22c", "one gate's block copied",
        "One gate's block stands in the place of another's in your gradient.",
        3, lambda q: q.gates.copied(),
    ),
    Mistake(
        "F23a", "reset gate inside the product",
        "You differentiated as if the reset gate scaled the state before the product: here it scales "
        "the product.",
        3, lambda q: q.resets.reset_inside(),
    ),
    Mistake(
        "F23b", "reset gate outside the product",
        "You differentiated as if the reset gate scaled the product: here it scales the state before.",
        3, lambda q: q.resets.reset_outside(),
    ),
    Mistake(
        "F23d", "reset gate missing",
        "Going back to the product that the reset gate scales you forgot the gate.",
        3, lambda q: q.resets.reset_lost(),
    ),
    Mistake(
        "F23e", "reset gate taken for a constant",
        "You took the reset gate for a constant: it depends on the state before, too.",
        3, lambda q: q.resets.reset_constant(),
    ),
    Mistake(
        "F23c", "direct path between states missing",
        "The path from state to state beside the gates is missing.",
        4, lambda q: q.resets.direct_path_lost(),
    ),
)  # fmt: skip
