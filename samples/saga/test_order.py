"""The saga: whatever fails, what was done before is undone, the last step first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asltool.testing import MachineUnderTest

ORDER = {
    "id": "o-7",
    "lines": [{"sku": "chair", "quantity": 2, "price": 40}, {"sku": "lamp", "quantity": 1, "price": 20}],
}


@pytest.fixture
def saga(state_machine: Callable[..., MachineUnderTest]) -> MachineUnderTest:
    """The machine, its functions answering as on a good day."""
    saga = state_machine("order.asl.json")
    saga.task("reserve-stock").returns({"reservation": "r-1"})
    saga.task("ship-order").returns({"tracking": "t-1"})
    saga.task("refund-card").returns({})
    saga.task("release-stock").returns({})
    return saga


def test_a_good_day(saga: MachineUnderTest) -> None:
    charge = saga.task("charge-card").returns({"payment": "p-1"})
    run = saga.run(ORDER)
    assert run.output == {"order": "o-7", "payment": "p-1", "tracking": "t-1"}
    assert run.path == ["Reserve Stock", "Charge Card", "Ship Order"]
    assert charge.inputs == [{"order": "o-7", "amount": 100}]


def test_a_busy_bank_is_asked_again(saga: MachineUnderTest) -> None:
    saga.task("charge-card").raises("Payment.Busy", times=3).returns({"payment": "p-1"})
    run = saga.run(ORDER)
    assert run.succeeded
    assert run.state("Charge Card").attempts == 4
    assert run.waited == 2 + 4 + 8


def test_a_card_that_is_refused_gives_the_stock_back(saga: MachineUnderTest) -> None:
    saga.task("charge-card").raises("Payment.Refused")
    run = saga.run(ORDER)
    assert (run.error, run.cause) == ("Order.Rejected", "order o-7 was rejected: Payment.Refused")
    assert run.path == ["Reserve Stock", "Charge Card", "Release Stock", "Order Rejected"]
    assert saga.task("release-stock").inputs == [{"reservation": "r-1"}]
    assert saga.task("refund-card").call_count == 0
