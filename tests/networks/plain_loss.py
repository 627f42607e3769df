"""Eqs. 3 to 11 as the paper writes them: float64, one region, month and member at a time.

Written from the text alone, for comparison; shares no code with the package. Where the text is
open: the true norm in Eq. 6, absent members left out, the days of the month in Eq. 5.
"""

import torch

EPSILON = 1e-12


def f(x, weights):
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        x = torch.relu(x @ weight + bias)
    return (x @ weights[-2] + weights[-1])[:, 0]


def loss_ec(y_hat, y):
    return ((y - y_hat) ** 2).sum() / len(y)  # Eq. 4


def m_hat(nee, month, lengths, theta, b):
    """Eq. 5 for one region; nee[p][d] [g m-2 d-1], theta[p] [m2], b [g d-1]; [PgC month-1]."""
    estimates = []
    for m, length in enumerate(lengths):
        days = [d for d in range(len(month)) if month[d] == m]
        sums = [sum(nee[p][d] * theta[p] for p in range(len(theta))) + b for d in days]
        estimates.append(1e-15 * length * sum(sums) / len(days))
    return estimates


def loss_rm(estimate, members, norm):
    members = [a for a in members if a == a]
    mean = sum(abs(a - estimate) ** norm for a in members) / len(members)
    spread = max(members) - min(members)
    return (mean + EPSILON) ** (1 / norm) / (1 + spread)  # Eqs. 6 and 7


def loss_atm(m_hats, inversions, area, norm=3):
    """Eqs. 6 to 8; m_hats[r][m], inversions[a][r][m], area[r]."""
    total = 0.0
    for r, months in enumerate(m_hats):
        losses = [
            loss_rm(months[m], [a[r][m] for a in inversions], norm) for m in range(len(months))
        ]
        total = total + sum(losses) / len(losses) * area[r] / sum(area)
    return total


def loss_total(l_ec, l_atm, sigma2_ec, sigma2_atm):
    w = [1 / (2 * sigma2) for sigma2 in (sigma2_ec, sigma2_atm)]  # Eq. 9
    s = [torch.log(torch.sqrt(sigma2)) for sigma2 in (sigma2_ec, sigma2_atm)]  # Eq. 10
    return w[0] * l_ec + w[1] * l_atm + s[0] + s[1]  # Eq. 11
