"""The recipe's forward pass gives the logits of transformers' BERT."""

from __future__ import annotations

import forward
import pytest
import torch
from forward import Shape
from transformers import BertConfig, BertForQuestionAnswering

SHAPE = Shape(layers=2, heads=2)


@pytest.fixture
def reference() -> BertForQuestionAnswering:
    torch.manual_seed(3)
    config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    return BertForQuestionAnswering(config).eval()


def inputs(padding: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(5)
    ids = torch.randint(0, 50, (3, 11), generator=random)
    types = torch.zeros_like(ids)
    types[:, 4:] = 1
    mask = torch.ones(3, 11, dtype=torch.bool)
    if padding:
        mask[1, -padding:] = False
    return ids, types, mask


@pytest.mark.parametrize("padding", [0, 3])
def test_logits_are_those_of_the_library(reference: BertForQuestionAnswering, padding: int) -> None:
    ids, types, mask = inputs(padding)
    weights = forward.fuse(reference.state_dict(), SHAPE)
    with torch.no_grad():
        expected = reference(input_ids=ids, token_type_ids=types, attention_mask=mask.long())
        logits = forward.logits(weights, SHAPE, ids, types, mask)
    assert torch.allclose(logits[0][mask], expected.start_logits[mask], atol=1e-5)
    assert torch.allclose(logits[1][mask], expected.end_logits[mask], atol=1e-5)


def test_bfloat16_changes_little_and_the_head_stays_exact(reference: BertForQuestionAnswering) -> None:
    weights = forward.fuse(reference.state_dict(), SHAPE)
    working = forward.working_copy(weights, torch.bfloat16)
    assert working["qa_outputs.weight"].dtype == torch.float32
    assert working["encoder.layer.0.attention.self.qkv.weight"].dtype == torch.bfloat16
    with torch.no_grad():
        exact = forward.logits(weights, SHAPE, *inputs(3))
        rounded = forward.logits(working, SHAPE, *inputs(3))
    assert rounded.dtype == torch.float32
    assert torch.allclose(rounded, exact, atol=0.03)


def test_splitting_undoes_fusing(reference: BertForQuestionAnswering) -> None:
    state = reference.state_dict()
    restored = forward.split(forward.fuse(state, SHAPE))
    assert restored.keys() == state.keys()
    assert all(torch.equal(restored[name], state[name]) for name in state)


def test_a_new_head_is_the_same_for_a_seed(reference: BertForQuestionAnswering) -> None:
    state = {name: tensor for name, tensor in reference.state_dict().items() if not name.startswith("qa_outputs")}
    weights = forward.fuse(state, SHAPE)
    head, same_seed, other_seed = (forward.with_head(weights, seed)["qa_outputs.weight"] for seed in (1, 1, 2))
    assert torch.equal(head, same_seed)
    assert not torch.equal(head, other_seed)


def test_a_reader_keeps_its_head(reference: BertForQuestionAnswering) -> None:
    weights = forward.fuse(reference.state_dict(), SHAPE)
    assert torch.equal(forward.with_head(weights, 1)["qa_outputs.weight"], reference.qa_outputs.weight)


def test_dropout_takes_a_share_and_makes_up_for_it() -> None:
    """And the same numbers for the same seed."""
    ones = torch.ones(200, 500)
    output = forward.Dropout(0.1, seed=5)(ones)
    assert output.unique().tolist() == pytest.approx([0.0, 256 / 230])
    assert float((output == 0).float().mean()) == pytest.approx(0.1, abs=0.005)
    assert torch.equal(output, forward.Dropout(0.1, seed=5)(ones))
    assert not torch.equal(output, forward.Dropout(0.1, seed=6)(ones))
