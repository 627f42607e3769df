"""The loss of Upton et al., Eqs. 4 and 6 to 11.

Where the printed equations are ambiguous, docs/decisions/0007 gives the choices made here: the true
norm in Eq. 6, the log-variance form of Eqs. 9 to 11, and the omission of absent inversion members.
"""

import torch
from torch import Tensor

EPSILON = 1e-12  # [(PgC month-1)^norm]; keeps the root in Eq. 6 differentiable at zero
LOG_VARIANCE_BOUND = 10.0  # [1] largest magnitude of s = log sigma^2


def site_loss(estimate: Tensor, observed: Tensor, linear_beyond: float | None = None) -> Tensor:
    """Eq. 4: mean squared error over site-days [(g m-2 d-1)^2].

    Parameters
    ----------
    estimate, observed : Tensor, shape (record,)
        NEE [g m-2 d-1].
    linear_beyond : float, optional
        Error d beyond which an error e counts 2 d abs(e) - d^2 in place of e^2, so that single days
        pull less (Huber 1964, doi:10.1214/aoms/1177703732) [g m-2 d-1]. None, as in the paper,
        squares every error.

    Returns
    -------
    Tensor, shape ()
        Mean loss.
    """
    if linear_beyond is None:
        return (estimate - observed).square().mean()
    return 2.0 * torch.nn.functional.huber_loss(estimate, observed, delta=linear_beyond)


def monthly_losses(estimate: Tensor, inversions: Tensor, norm: int = 3) -> tuple[Tensor, Tensor]:
    """Eqs. 6 and 7 for each region and month.

    ``(mean |A - m|^norm + eps)^(1/norm) / (1 + range)``, with the mean and the range taken over
    the members that are present. In PgC/month the range is small compared with 1; the paper's unit
    is kept nevertheless.

    Parameters
    ----------
    estimate : Tensor, shape (region, month)
        Regional NEE [PgC month-1].
    inversions : Tensor, shape (member, region, month)
        NEE of each inversion [PgC month-1], NaN where it is absent.
    norm : int
        Exponent of the norm in Eq. 6 [1].

    Returns
    -------
    loss : Tensor, shape (region, month)
        Zero where no member is present [PgC month-1].
    present : Tensor of bool, shape (region, month)
        Whether any member is present.
    """
    present = ~inversions.isnan()
    count = present.sum(0)
    error = inversions.nan_to_num(nan=0.0) - estimate  # 0 * NaN would be NaN, also in the gradient
    mean = (error.abs().pow(norm) * present).sum(0) / count.clamp(min=1)
    loss = (mean + EPSILON).pow(1.0 / norm) / (1.0 + inversion_range(inversions))
    return loss * (count > 0), count > 0


def inversion_range(inversions: Tensor) -> Tensor:
    """Largest minus smallest present member [PgC month-1], (member, ...) to (...)."""
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
        Losses of the regions, Eq. 7 [PgC month-1].
    present : Tensor of bool, shape (region, month)
        Whether any inversion is present.
    land_area : Tensor, shape (region,)
        Land area of the regions [m2].

    Returns
    -------
    Tensor, shape ()
        Weighted mean loss [PgC month-1].
    """
    weight = land_area * present.any(1)
    return (regional * weight).sum() / weight.sum()


def regional_loss(estimate: Tensor, inversions: Tensor, land_area: Tensor, norm: int = 3) -> Tensor:
    """Eqs. 6 to 8: the loss l_ATM of monthly regional totals against an ensemble of inversions.

    Parameters
    ----------
    estimate : Tensor, shape (region, month)
        Estimated NEE [PgC month-1].
    inversions : Tensor, shape (member, region, month)
        NEE of each inversion, NaN where it is absent [PgC month-1].
    land_area : Tensor, shape (region,)
        Land area of the regions [m2].
    norm : int
        Exponent of the norm in Eq. 6 [1].

    Returns
    -------
    Tensor, shape ()
        Loss [PgC month-1].
    """
    loss, present = monthly_losses(estimate, inversions, norm)
    return atmospheric_loss(regional_losses(loss, present), present, land_area)


def annual_loss(totals: Tensor, inversions: Tensor, norm: int = 3) -> Tensor:
    """Eqs. 6 and 7 for the annual total of all regions: the third term that the paper tested.

    Parameters
    ----------
    totals : Tensor, shape (region, month)
        Estimated NEE of all regions and months of a year [PgC month-1].
    inversions : Tensor, shape (member, region, month)
        NEE of each inversion; a member with a gap in the year is left out [PgC month-1].
    norm : int
        Exponent of the norm in Eq. 6 [1].

    Returns
    -------
    Tensor, shape ()
        Loss of the annual total [PgC yr-1].
    """
    loss, _ = monthly_losses(totals.sum()[None, None], inversions.sum((1, 2))[:, None, None], norm)
    return loss.squeeze()


def total_loss(losses: Tensor, log_variance: Tensor) -> Tensor:
    """Eqs. 9 to 11: sum of the losses, balanced by learned variances (Kendall et al. 2018).

    With s = log sigma^2, ``w l + log sqrt(sigma^2) = 0.5 exp(-s) l + 0.5 s``
    (doi:10.1109/CVPR.2018.00781). A single loss needs no balancing and is returned unchanged.

    Parameters
    ----------
    losses : Tensor, shape (loss,)
        Loss of each term, in its own unit.
    log_variance : Tensor, shape (loss,)
        Learned s of each loss [1].

    Returns
    -------
    Tensor, shape ()
        Total loss [1].
    """
    if len(losses) == 1:
        return losses[0]
    return 0.5 * (torch.exp(-log_variance) * losses + log_variance).sum()
