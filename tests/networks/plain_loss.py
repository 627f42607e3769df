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


def loss_annual(m_hats, inversions, norm=3):
    """The third term that the paper tried: Eqs. 6 and 7 of the annual total of all regions."""
    members = [sum(sum(months) for months in member) for member in inversions]
    return loss_rm(sum(sum(months) for months in m_hats), members, norm)


def loss_total(losses, sigma2):
    w = [1 / (2 * each) for each in sigma2]  # Eq. 9
    s = [torch.log(torch.sqrt(each)) for each in sigma2]  # Eq. 10
    return sum(w[k] * losses[k] + s[k] for k in range(len(losses)))  # Eq. 11
