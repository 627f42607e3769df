"""``fluxprod doctor``: what this machine offers, and whether it suits ``params.yaml``."""

from fluxprod.cli.screen import fail, screen
from fluxprod.core.errors import DataError


def doctor() -> None:
    """Show versions, device, threads, free disk and memory of this machine.

    The exit status is 1 if the params.yaml here asks for a device that this
    machine does not have, or has another fault.

    For example:
      fluxprod doctor
      CUDA_VISIBLE_DEVICES= fluxprod doctor      # as on a machine without a GPU
    """
    # torch alone takes a second, which help texts must not wait for
    import torch
    from rich.table import Table

    from fluxprod.compute.machine import machine_facts

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    table = Table("what", "value", title="fluxprod doctor")
    for name, value in machine_facts(device, torch.get_num_threads()).items():
        table.add_row(name, value)
    screen().print(table)
    try:
        _check_params()
    except DataError as error:
        fail(error)


def _check_params() -> None:
    """Check the parameters here, if they are those of fluxprod, and that their device exists.

    Raises
    ------
    DataError
        If they have a fault that would otherwise stop a stage, perhaps after hours.
    """
    from fluxprod.compute.settings import ComputeSettings
    from fluxprod.core.constants import PARAMS_FILE
    from fluxprod.networks.model.device import chosen_device
    from fluxprod.params import block, checked_params, read_params

    if PARAMS_FILE.exists() and "compute" in read_params():  # other programs have such files, too
        chosen_device(block(checked_params(), ComputeSettings).device)
