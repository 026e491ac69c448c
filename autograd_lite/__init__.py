"""autograd_lite: derivatives on flow graphs, partial and total, with what is held and the sum at every cut."""

from autograd_lite.cut import Cut, Term
from autograd_lite.derivatives import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.functions import *  # noqa: F403
from autograd_lite.modes import collector_paused, no_grad, record_lines, scope, source_line
from autograd_lite.rules.rule import Rule, elementwise, linear, operation
from autograd_lite.tape import Tape
from autograd_lite.tensor import Tensor
from autograd_lite.total import partial, total
from autograd_lite.value import Value

__version__ = "0.1.0.dev0"
