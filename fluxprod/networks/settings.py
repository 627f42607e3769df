"""Settings of the networks: their constraint, their training, and the forward run."""

from typing import Literal, Self

from pydantic import model_validator

from fluxprod.core.regions import REGIONS
from fluxprod.core.settings import Settings, parameter, seed_parameter
from fluxprod.core.time_axis import MONTHS

PAPER = "Upton et al., section 3.3"  # two random years
TABLE_B1 = "Table B1"
SETTINGS = "docs/decisions/0016-training-settings.md"
OPTIONS = "docs/decisions/0030-options-of-the-tower-term.md"
DAYS = "docs/decisions/0005-days-in-equation-5.md"
PLAIN, LIGHT_USE = "plain", "light_use"  # values of train.form
FEWEST_DAYS = 28  # in a month; a larger stride could skip a month


class ConstraintSettings(Settings):
    """Which regions, months and days enter the inversion term of the loss, Eqs. 5 to 8."""

    day_stride: int = parameter(
        "Interval between the days that enter Eq. 5, starting from a day drawn anew at each step; "
        "1 uses every day",
        "d",
        source=DAYS,
        ge=1,
        le=FEWEST_DAYS,
        default=1,
    )
    held_out_stride: int = parameter(
        "The same for the held-out years, always with the same days",
        "d",
        source=DAYS,
        ge=1,
        le=FEWEST_DAYS,
        default=1,
    )
    n_regions: int = parameter(
        "Regions drawn at random at each step; 0 uses all", ge=0, le=len(REGIONS), default=0
    )
    n_months: int = parameter(
        "Months of the year drawn at random at each step; 0 uses all", ge=0, le=MONTHS, default=0
    )
    n_held_out_years: int = parameter(
        "Years of the inversions on which no network is trained",
        "year",
        source=PAPER,
        ge=1,
        le=100,
        default=2,
    )
    norm: Literal[1, 2, 3] = parameter("Norm in Eq. 6", "", source="Eq. 6", default=3)
    annual_term: bool = parameter(
        "Whether the annual total of all regions is a third term of the loss",
        "",
        source="docs/decisions/0007-loss-and-training.md",
        default=False,
    )
    seed: int = seed_parameter(
        "Seed of the initial weights, the draws and the choice of held-out years", default=0
    )

    @model_validator(mode="after")
    def _annual_term_needs_the_whole_year(self) -> Self:
        if self.annual_term and (self.n_regions or self.n_months):
            raise ValueError(
                "annual_term with some regions or months alone, whereas it needs n_regions 0 and "
                "n_months 0"
            )
        return self


class TrainingSettings(ConstraintSettings):
    """The networks and their training; defaults follow the paper where it states values."""

    drivers: Literal["table_a2", "daily"] = parameter(
        "Set of drivers that the networks take: those of the paper, or also the radiation and "
        "vapour pressure deficit of the day, light use and plant functional types",
        "",
        source="docs/decisions/0031-daily-drivers.md",
        default="table_a2",
    )
    form: Literal["plain", "light_use"] = parameter(
        "Output of the networks: NEE, or respiration and uptake, which follow temperature and "
        "light",
        "",
        source=OPTIONS,
        default=PLAIN,
    )
    width: int = parameter("Neurons per hidden layer", source=TABLE_B1, ge=1, le=4096, default=32)
    depth: int = parameter("Hidden layers", source=TABLE_B1, ge=1, le=32, default=3)
    learning_rate: float = parameter(
        "Learning rate of Adam at the first step", source=TABLE_B1, gt=0.0, le=1.0, default=0.003
    )
    final_learning_rate: float | None = parameter(
        "Learning rate at the last step, reached along half a cosine; null keeps the initial rate, "
        "as in the paper",
        source="Loshchilov & Hutter (2017), arXiv:1608.03983",
        ge=0.0,
        le=1.0,
        default=None,
    )
    variance_rate: float | None = parameter(
        "Constant learning rate of the log variances of Eqs. 9 to 11; 0 keeps their initial "
        "values, null uses the initial rate of the network, as in the paper",
        source=SETTINGS,
        ge=0.0,
        le=1.0,
        default=None,
    )
    variance_start: float = parameter(
        "Log variance of l_ATM and of the annual term at the first step; that of the tower term "
        "starts at 0",
        source=SETTINGS,
        ge=-20.0,
        le=20.0,
        default=0.0,
    )
    batch: int = parameter(
        "Site-days per step, or all of them if there are fewer",
        source=TABLE_B1,
        ge=1,
        le=100_000_000,
        default=10_000,
    )
    steps: int = parameter(
        "Steps of every member; the number is fixed because each step moves the learned variances",
        source=SETTINGS,
        ge=1,
        le=10_000_000,
        default=1_500,
    )
    validate_every: int = parameter(
        "Steps between two validations; each validated state may be kept as the best",
        ge=1,
        le=10_000_000,
        default=25,
    )
    weight_decay: float = parameter(
        "Decoupled weight decay per unit of learning rate; 0, as in the paper, is plain Adam",
        source="Loshchilov & Hutter (2019), arXiv:1711.05101",
        ge=0.0,
        le=1000.0,
        default=0.0,
    )
    site_balance: float = parameter(
        "Exponent b of the weight n^-b that each of the n records of a site has in the draw of a "
        "step; 0, as in the paper, draws site-days alike, and 1 sites alike",
        source=OPTIONS,
        ge=0.0,
        le=1.0,
        default=0.0,
    )
    linear_beyond: float | None = parameter(
        "Error at a site-day beyond which the loss of the towers grows linearly; null, as in the "
        "paper, squares every error",
        "g m-2 d-1",
        source=OPTIONS,
        gt=0.0,
        le=1000.0,
        default=None,
    )
    driver_noise: float = parameter(
        "Noise on the drivers of site-days that are seasonal or constant, drawn anew at each step, "
        "in standard deviations of each driver; 0, as in the paper, is none",
        source=OPTIONS,
        ge=0.0,
        le=10.0,
        default=0.0,
    )
    daily_noise: float = parameter(
        "The same for the drivers that have a value of their own on each day",
        source=OPTIONS,
        ge=0.0,
        le=10.0,
        default=0.0,
    )
    patience: int = parameter(
        "Validations without improvement after which a member stops; 0, as in the paper, never "
        "stops early",
        ge=0,
        le=1_000_000,
        default=0,
    )

    @model_validator(mode="after")
    def _light_use_needs_light(self) -> Self:
        if self.form == LIGHT_USE and self.drivers != "daily":
            raise ValueError(f"form {LIGHT_USE} with drivers {self.drivers}, which lack FPAR_SW_IN")
        return self


class ForwardSettings(Settings):
    """The global run of all members."""

    block: int = parameter(
        "Cell-days whose drivers are assembled at once", "d", ge=1, le=100_000_000
    )
