from __future__ import annotations

from math import log

import numpy as np
import pytest

from qadesk.train.objective import distil_losses, marginal_losses, objective, span_losses

# Worked by hand: e^0, e^ln3, e^0 are 1, 3, 1 of 5; e^0, e^0, e^ln2 are 1, 1, 2 of 4.
STARTS = [0.0, log(3), 0.0]
ENDS = [0.0, 0.0, log(2)]


def test_the_loss_is_the_mean_of_two_cross_entropies_over_all_positions() -> None:
    loss = objective(STARTS, ENDS, 1, 2)
    assert loss.start_probabilities == pytest.approx([1 / 5, 3 / 5, 1 / 5])
    assert loss.end_probabilities == pytest.approx([1 / 4, 1 / 4, 1 / 2])
    assert loss.start_loss == pytest.approx(-log(3 / 5))
    assert loss.end_loss == pytest.approx(log(2))
    assert loss.loss == pytest.approx((-log(3 / 5) + log(2)) / 2)


def test_no_answer_is_the_first_position() -> None:
    loss = objective(STARTS, ENDS, 0, 0)
    assert loss.loss == pytest.approx((log(5) + log(4)) / 2)


def test_large_logits_do_not_overflow() -> None:
    loss = objective([1000.0, 0.0], [-1000.0, 0.0], 0, 0)
    assert loss.start_loss == 0
    assert loss.end_loss == pytest.approx(1000)


def test_torch_gives_the_same_and_leaves_padding_out() -> None:
    torch = pytest.importorskip("torch")
    padded = torch.tensor([[[*STARTS, 50.0], [0.5, -1.0, 2.0, 1.0]], [[*ENDS, 50.0], [1.0, 0.0, 0.0, -2.0]]])
    mask = torch.tensor([[True, True, True, False], [True, True, True, True]])
    losses = span_losses(padded, mask, torch.tensor([[1, 0], [2, 3]]))
    assert losses[0].item() == pytest.approx(objective(STARTS, ENDS, 1, 2).loss, abs=1e-6)
    assert losses[1].item() == pytest.approx(objective([0.5, -1, 2, 1], [1, 0, 0, -2], 0, 3).loss, abs=1e-6)


def test_the_gradient_is_half_of_probability_less_target() -> None:
    torch = pytest.importorskip("torch")
    logits = torch.tensor([[STARTS], [ENDS]], requires_grad=True)
    span_losses(logits, torch.ones(1, 3, dtype=torch.bool), torch.tensor([[1], [2]])).sum().backward()
    assert logits.grad is not None
    assert logits.grad[0, 0].tolist() == pytest.approx([0.1, -0.2, 0.1], abs=1e-6)
    assert logits.grad[1, 0].tolist() == pytest.approx([0.125, 0.125, -0.25], abs=1e-6)


def test_distillation_is_the_mean_of_two_divergences_from_the_original() -> None:
    torch = pytest.importorskip("torch")
    # starts: the original says 1/2, 1/2 and the tuned one 1/4, 3/4; ends: the same
    tuned = torch.tensor([[[0.0, log(3), 9.0]], [[0.0, 0.0, 9.0]]])
    original = torch.tensor([[[0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]])
    mask = torch.tensor([[True, True, False]])
    losses = distil_losses(tuned, mask, original)
    assert losses.tolist() == pytest.approx([(0.5 * log(2) + 0.5 * log(2 / 3)) / 2], abs=1e-6)
    assert distil_losses(tuned, mask, tuned).tolist() == pytest.approx([0.0], abs=1e-6)


def test_distillation_has_no_gradient_where_nothing_has_changed() -> None:
    torch = pytest.importorskip("torch")
    logits = torch.tensor(np.random.default_rng(0).normal(size=(2, 3, 5)), dtype=torch.float32, requires_grad=True)
    distil_losses(logits, torch.ones(3, 5, dtype=torch.bool), logits.detach()).sum().backward()
    assert logits.grad is not None
    assert float(logits.grad.abs().max()) < 1e-6


def test_one_of_several_right_answers_is_enough() -> None:
    torch = pytest.importorskip("torch")
    logits = torch.tensor([[STARTS, STARTS], [ENDS, ENDS]])
    spans = torch.tensor([[[1, 2], [0, 1]], [[1, 2], [-1, -1]]])
    losses = marginal_losses(logits, torch.ones(2, 3, dtype=torch.bool), spans)
    likelihood = (3 / 5) * (1 / 2) + (1 / 5) * (1 / 4)
    assert losses.tolist() == pytest.approx([-log(likelihood) / 2, objective(STARTS, ENDS, 1, 2).loss], abs=1e-6)


def test_the_marginal_loss_pulls_towards_the_answer_that_is_nearer() -> None:
    torch = pytest.importorskip("torch")
    logits = torch.tensor([[[0.0, 2.0, 1.0]], [[0.0, 2.0, 1.0]]], requires_grad=True)
    marginal_losses(logits, torch.ones(1, 3, dtype=torch.bool), torch.tensor([[[1, 1], [2, 2]]])).sum().backward()
    assert logits.grad[0, 0, 1] < 0  # made larger
    assert logits.grad[0, 0, 2] > logits.grad[0, 0, 1]
    assert logits.grad[0, 0, 0] > 0
