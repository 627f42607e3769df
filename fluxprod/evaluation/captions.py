"""Titles of the report's tables and figures, and what to see in them."""

FIGURES = {
    "annual": (
        "Annual NEE of the globe",
        "How far the constraint moves EC-ATM from EC towards the inversions, and how much is left. "
        "Panels B and C compare the anomalies, which come from the two daily drivers alone: the "
        "other eight of Table A2 are mean seasonal cycles.",
    ),
    "regional_sinks": (
        "Mean annual NEE by region",
        "Regions in the order of EC's sink; bars are one standard deviation over members. EC's "
        "bias lies mostly in the tropics, where towers are few.",
    ),
    "nnse": (
        "Efficiency of monthly totals against the inversions",
        "nNSE, from 0 to 1; below 0.5 a model tells less than the mean of the inversions does.",
    ),
    "seasonal_cycle": (
        "Mean seasonal cycle of the globe and two regions",
        "Bands are one standard deviation over members.",
    ),
    "seasonal_cycle_regions": (
        "Mean seasonal cycle of all regions",
        "Bands are one standard deviation over members.",
    ),
    "maps": (
        "Mean and year-to-year standard deviation of annual NEE",
        "Left, green is uptake, per area of land; each colour stands for twice the flux of the one "
        "before, white for less than the first step. Trust the inversions over regions, not in "
        "single cells.",
    ),
    "bias_maps": (
        "Mean annual NEE less the truth",
        "Only a synthetic Earth has a truth. Green: too much uptake; white: less than the first "
        "step. EC-ATM should be paler than EC where towers are few; what is left within a region "
        "is what its total cannot tell.",
    ),
    "monthly_maps": (
        "Mean NEE of each calendar month",
        "EC-ATM, EC and EC - EC-ATM on one scale, white for less than its first step. Where the "
        "last column keeps its colour through the year, the constraint moved the level and left "
        "the season.",
    ),
    "correlation": (
        "Correlation of the monthly series of single cells",
        "Pearson's R of both models with each reference, the difference (red: EC-ATM correlates "
        "better), and R between the models. The season makes most of it: a bias leaves R "
        "as it is. A cell whose series does not vary is left blank.",
    ),
    "sites": (
        "NEE at towers that the member was not trained on",
        "Each site-day once, predicted by the member that held the site out; dashed: 1 to 1. "
        "Below, RMSE by land cover of the site. The member's epoch was chosen on these towers, as "
        "in the paper: optimistic.",
    ),
    "selected_sites": (
        "Two towers where the models agree best and least",
        "Of the region where the sinks of EC and EC-ATM differ most (with two towers or more), the "
        "towers whose mean NEE differs least (left) and most (right) between them, out of fold. "
        "Bias: mean of modelled less observed NEE.",
    ),
    "sites_types": (
        "NEE at towers by land cover and model",
        "As in the figure of all towers, in wider bins; dashed: 1 to 1.",
    ),
    "selection": (
        "Which cells the bridge chooses",
        "How often a cell contributed over random candidate sets of the paper's Lasso: bright "
        "cells carry their region.",
    ),
    "selection_types": (
        "Types of the contributing cells",
        "Majority plant functional types of the cells that the paper's Lasso chose over random "
        "candidate sets, all regions together; outlined: of all land cells. A bar above its "
        "outline is a type that the bridge leans on.",
    ),
    "selection_regions": (
        "Types of the contributing cells by region",
        "The same by region: contributing cells (thick bars) and all cells of the region (thin "
        "bars). Where they differ, a few of its types stand for the region.",
    ),
    "stability": (
        "Stability of the bridge over random candidate sets",
        "Mean and standard deviation over the draws of the paper's Lasso, and the run's bridge "
        "unless it takes every cell. Where R2 varies little but two draws share few cells, the fit "
        "is stable and the choice of cells is not.",
    ),
    "coverage": (
        "How often the truth lies within the stated spread",
        "Share of the years of this Earth. Open: the standard deviation over members as stated; "
        "full: inflated by a factor that was calibrated on other Earths. ALL is the 18 regions "
        "taken together. Biases last, so most regions lie inside in all of the years or in none.",
    ),
}
TABLES = {
    "global_sinks": (
        "Global sinks",
        "Mean annual NEE of the globe (nee), its spread and the IAV, which is the standard "
        "deviation of detrended annual totals [PgC/yr]. The spread is one standard deviation over "
        "members of their mean over the years that all have; of the Global Carbon Budget it is "
        "what its workbook states for a year, if it does. That sink leaves out land-use change.",
    ),
    "table2": (
        "Monthly NEE and mean seasonal cycle against the inversions",
        "Pearson's R and RMSE [PgC/month] of monthly totals and of the mean seasonal cycle (MSC), "
        "as in Table 2 of the paper.",
    ),
    "table2_truth": (
        "Monthly NEE and mean seasonal cycle against the truth",
        "Table 2 with the truth in place of the inversions, and the inversions' own score: what a "
        "model that agrees with them can reach.",
    ),
    "table3": (
        "Annual NEE against the inversions",
        "Pearson's R and RMSE [PgC/yr], as in Table 3 of the paper. With few years R is uncertain.",
    ),
    "table3_truth": (
        "Annual NEE against the truth",
        "Table 3 with the truth in place of the inversions, and the inversions' own score.",
    ),
    "nnse": (
        "Efficiency of monthly totals against the inversions",
        "nNSE [1], from 0 to 1; 0.5 is as good as the mean of the inversions.",
    ),
    "nnse_truth": (
        "Efficiency of monthly totals against the truth",
        "nNSE [1], from 0 to 1; 0.5 is as good as the mean of the truth.",
    ),
    "map_scores": (
        "Maps of mean annual NEE against the inversions and the truth",
        "Bias and RMSE [g m-2 yr-1] and R over the cells of a region, each weighted by its area of "
        "land. Single cells of the inversions are not to be trusted: only the truth tells whether "
        "a pattern is right.",
    ),
    "truth_scores": (
        "Scores against the truth",
        "Only a synthetic Earth has one. Bias and annual RMSE [PgC/yr], monthly RMSE [PgC/month].",
    ),
    "coverage": (
        "How often the truth lies within the stated spread: annual totals",
        "Share of n years [1] within the interval of 68 % (one standard deviation over members "
        "either side of their mean) and of 95 % (1.96): raw, and with the standard deviation times "
        "inflation, a factor calibrated on other synthetic Earths. It admits the bias of regions "
        "on average and removes none of it. ALL is the 18 regions taken together.",
    ),
    "coverage_cells": (
        "How often the truth lies within the stated spread: annual NEE of cells",
        "As above, but shares of the area of land; n counts cells and years. ALL is all cells.",
    ),
    "regional_sinks": (
        "Mean annual NEE by region",
        "[PgC/yr], with the standard deviation over members.",
    ),
    "site_scores": (
        "Scores at towers, out of fold",
        "RMSE [g m-2 d-1], modelling efficiency (MEF) and R over all site-days, overall and by "
        "land cover of the site, each site-day once. Epochs were chosen on the same towers, as in "
        "the paper. Observations only: the truth is kept as monthly maps, not at towers.",
    ),
    "post_hoc": (
        "Post-hoc check of the bridge",
        "Bridge applied to a model's NEE against the sum over all cells [PgC/yr]; GLOBAL is the "
        "sum of the 18 regions.",
    ),
    "bridge": (
        "The bridge and its stability",
        "R2 of monthly regional totals in training and of years held out, contributing cells and "
        "how many enter a step of the training, response to a uniform shift. R2 is 1 by definition "
        "where a bridge takes every cell (sampled, exact). Beside them mean and standard deviation "
        "(sd) of the paper's Lasso over random draws of the candidates, and the overlap of two "
        "draws: cells in both over cells in either, contributing cells and candidates.",
    ),
    "shift": (
        "Shift test of the bridge",
        "Response to a uniform change of -1 g m-2 d-1; a share of 1 conserves mass.",
    ),
    "run": ("This run", "What was evaluated."),
}
