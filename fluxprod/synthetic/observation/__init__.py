"""What satellites, towers, inversions and inventories see of it."""
