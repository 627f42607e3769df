"""The loss of Upton et al., Eqs. 4 and 6 to 11.

Where the printed text is open, docs/decisions/0007 says what is done: the true norm in Eq. 6, the
log-variance form of Eqs. 9 to 11, absent inversion members left out.
"""

import torch
from torch import Tensor

EPSILON = 1e-12  # [(PgC month-1)^norm] keeps the root of Eq. 6 differentiable at zero
LOG_VARIANCE_BOUND = 10.0  # [1] of s = log sigma^2


def site_loss(estimate: Tensor, observed: Tensor) -> Tensor:
    """Eq. 4: mean squared error over site-days [(g m-2 d-1)^2]."""
    return (estimate - observed).square().mean()


def monthly_losses(estimate: Tensor, inversions: Tensor, norm: int = 3) -> tuple[Tensor, Tensor]:
    """Eqs. 6 and 7 for each region and month.

    ``(mean |A - m|^norm + eps)^(1/norm) / (1 + range)``, mean and range over the members that are
    there. In PgC/month the range is small against 1: the paper's unit is kept all the same.

    Parameters
    ----------
    estimate : Tensor, shape (region, month)
        Regional NEE [PgC month-1].
    inversions : Tensor, shape (member, region, month)
        NEE of each inversion [PgC month-1], NaN where it is absent.

    Returns
    -------
    loss : Tensor, shape (region, month)
        [PgC month-1]; zero where no member is there.
    present : Tensor of bool, shape (region, month)
        Whether any member is there.
    """
    there = ~inversions.isnan()
    count = there.sum(0)
    error = inversions.nan_to_num(nan=0.0) - estimate  # 0 * NaN would be NaN, in the slope too
    mean = (error.abs().pow(norm) * there).sum(0) / count.clamp(min=1)
    loss = (mean + EPSILON).pow(1.0 / norm) / (1.0 + inversion_range(inversions))
    return loss * (count > 0), count > 0


def inversion_range(inversions: Tensor) -> Tensor:
    """Largest less smallest member that is there [PgC month-1], (member, ...) to (...)."""
    absent = inversions.isnan()
    highest = inversions.masked_fill(absent, -torch.inf).amax(0)
    lowest = inversions.masked_fill(absent, torch.inf).amin(0)
    return torch.where(absent.all(0), 0.0, highest - lowest)


def regional_losses(loss: Tensor, present: Tensor) -> Tensor:
    """Eq. 7: mean over the months that have an inversion, (region, month) to (region,)."""
    return loss.sum(1) / present.sum(1).clamp(min=1)


def atmospheric_loss(regional: Tensor, present: Tensor, land_area: Tensor) -> Tensor:
    """Eq. 8: mean over the regions that have an inversion, weighted by land area.

    Parameters
    ----------
    regional : Tensor, shape (region,)
        Eq. 7 [PgC month-1].
    present : Tensor of bool, shape (region, month)
        Whether any inversion is there.
    land_area : Tensor, shape (region,)
        [m2]
    """
    weight = land_area * present.any(1)
    return (regional * weight).sum() / weight.sum()


def annual_loss(totals: Tensor, inversions: Tensor, norm: int = 3) -> Tensor:
    """Eqs. 6 and 7 for the annual total of all regions: a third term, which the paper tried.

    Parameters
    ----------
    totals : Tensor, shape (region, month)
        [PgC month-1], all regions and months of a year.
    inversions : Tensor, shape (member, region, month)
        [PgC month-1]; a member with a gap in the year is absent.

    Returns
    -------
    Tensor, shape () [PgC yr-1]
    """
    loss, _ = monthly_losses(totals.sum()[None, None], inversions.sum((1, 2))[:, None, None], norm)
    return loss.squeeze()


def total_loss(terms: Tensor, log_variance: Tensor) -> Tensor:
    """Eqs. 9 to 11: the terms, balanced by their learned variances (Kendall et al. 2018).

    With s = log sigma^2, ``w l + log sqrt(sigma^2) = 0.5 exp(-s) l + 0.5 s``
    (doi:10.1109/CVPR.2018.00781). A single term needs no balance and is the loss itself.

    Parameters
    ----------
    terms, log_variance : Tensor, shape (term,)
        Losses, each in its unit, and s [1].
    """
    if len(terms) == 1:
        return terms[0]
    return 0.5 * (torch.exp(-log_variance) * terms + log_variance).sum()
