import pytest
import torch

from fluxprod.networks.training.adam import Adam


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_steps_equal_those_of_torch(weight_decay):
    start = torch.randn(6, 4, generator=torch.manual_seed(0)), torch.zeros(4)
    ours = [values.clone().requires_grad_() for values in start]
    theirs = [values.clone().requires_grad_() for values in start]
    adam = Adam(ours, [0.003, 0.01], [weight_decay, 0.0])
    reference = torch.optim.AdamW(
        [{"params": theirs[:1]}, {"params": theirs[1:], "weight_decay": 0.0, "lr": 0.01}],
        lr=0.003,
        weight_decay=weight_decay,
    )
    x = torch.randn(50, 6, generator=torch.manual_seed(1))
    for _ in range(30):
        adam.zero_slope()
        reference.zero_grad()
        for weight, bias in (ours, theirs):
            ((x @ weight + bias).sin() - 1.0).square().mean().backward()
        adam.step()
        reference.step()
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-5, atol=1e-6)
