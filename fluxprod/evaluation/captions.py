"""Titles and captions of the report's figures and tables, and what each check measures."""

CHECKS = {
    "closure": "The largest gap between the globe and the sum of its regions, relative to the sum "
    "of their absolute totals,",
    "members": "The largest difference in a global sink between the product files and the mean of "
    "the members",
    "shift test": "The relative error of the response of the bridge to a uniform shift in NEE",
    "post-hoc": "The difference between the total that the bridge derives from EC-ATM and the sum "
    "over the cells of all regions",
}
FIGURES = {
    "annual": (
        "Annual global NEE",
        "How far the constraint moves EC-ATM from EC towards the inversions, and how large the "
        "remaining difference is. Panels B and C show the anomalies, which in both models come "
        "from the daily drivers alone: of the ten drivers of Table A2 there are two, and the other "
        "eight come from mean seasonal cycles.",
    ),
    "regional_sinks": (
        "Mean annual NEE by region",
        "Regions are ordered by the sink of EC; error bars show one standard deviation across the "
        "members. Most of the bias of EC lies in the tropics, where towers are few.",
    ),
    "nnse": (
        "Efficiency of monthly totals against the inversions",
        "Normalised Nash-Sutcliffe efficiency (nNSE), from 0 to 1; below 0.5 a model performs "
        "worse than the mean of the inversions would.",
    ),
    "seasonal_cycle": (
        "Mean seasonal cycle of the globe and two regions",
        "Bands show one standard deviation across the members on either side of their mean.",
    ),
    "seasonal_cycle_regions": (
        "Mean seasonal cycle of all regions",
        "Bands show one standard deviation across the members on either side of their mean.",
    ),
    "maps": (
        "Mean and interannual standard deviation of annual NEE",
        "Fluxes are per unit area of land. In the maps of the mean (left), green is uptake, each "
        "colour stands for twice the flux of the one before it, and white for less than the first "
        "step. The inversions are reliable over regions, not in single cells.",
    ),
    "bias_maps": (
        "Mean annual NEE minus the truth",
        "Only a synthetic Earth has a known truth. Green is too much uptake, and white is less "
        "than the first step of the scale. EC-ATM should be paler than EC where towers are few; "
        "the error that remains within a region is one that the regional total cannot reveal.",
    ),
    "monthly_maps": (
        "Mean NEE by calendar month",
        "EC-ATM, EC and EC minus EC-ATM on a common scale, with white for less than its first "
        "step. Where the last column keeps its colour throughout the year, the constraint shifted "
        "the level of NEE and left its seasonal cycle unchanged.",
    ),
    "correlation": (
        "Correlation of monthly NEE in single cells",
        "Pearson's R of both models with each reference, the difference between the two (red: "
        "EC-ATM correlates better), and R between the models. The seasonal cycle dominates R, and "
        "a constant bias does not affect it. Cells whose series is constant are left blank.",
    ),
    "sites": (
        "NEE at towers withheld from training",
        "Each site-day is shown once, as predicted by the member that held its site out; the "
        "dashed line is 1:1. Below: RMSE by land cover of the site. As in the paper, the epoch of "
        "each member was chosen on these same towers, so the scores are optimistic.",
    ),
    "site_skill": (
        "Skill at single towers, by scale of time",
        "Each point is a tower withheld from training; bars span the quartiles over towers, and "
        "white lines mark medians. R2 is 1 for a perfect estimate and 0 for one no better than the "
        "tower's own mean, which no model knows. Grey: estimates without skill, from the mean or "
        "the mean seasonal cycle of the towers of other folds. Arrows at the edge: share of "
        "towers with a lower R2. The diamond compares the means of all towers.",
    ),
    "selected_sites": (
        "The two towers at which the models agree best and least",
        "In the region where the sinks of EC and EC-ATM differ most (of those with at least two "
        "towers), the towers at which their mean out-of-fold NEE differs least (left) and most "
        "(right). Bias is the mean of modelled minus observed NEE.",
    ),
    "sites_types": (
        "NEE at towers by land cover and model",
        "As in the figure of all towers, but with wider bins; the dashed line is 1:1.",
    ),
    "selection": (
        "Cells that the bridge selects",
        "How often each cell was selected as contributing when the paper's Lasso was fitted to "
        "random candidate sets; the estimate for a region rests on its bright cells.",
    ),
    "selection_types": (
        "Plant functional types of the contributing cells",
        "Bars: majority plant functional types of the cells that the paper's Lasso selected from "
        "random candidate sets, all regions together. Outlines: all land cells. Where a bar rises "
        "above its outline, the bridge relies heavily on that type.",
    ),
    "selection_regions": (
        "Plant functional types of the contributing cells by region",
        "As in the previous figure, but by region: contributing cells (thick bars) and all cells "
        "of the region (thin bars). Where the two differ, a few types represent the whole region.",
    ),
    "stability": (
        "Stability of the bridge across random candidate sets",
        "Mean and standard deviation over random draws of the candidates for the paper's Lasso, "
        "together with the bridge of this run unless it uses every cell. Where R2 varies little "
        "although two draws share few cells, the fit is stable but the selection of cells is not.",
    ),
    "coverage": (
        "How often the truth lies within the stated spread",
        "Percentage of the years of this synthetic Earth. Open symbols: the standard deviation "
        "across the members as stated; filled symbols: the same, inflated by a factor that was "
        "calibrated on other synthetic Earths. ALL pools the 18 regions. Biases persist from year "
        "to year, so in most regions the truth lies inside in every year or in none.",
    ),
}
TABLES = {
    "plausibility": (
        "Plausibility of the inputs",
        "Before training, the inputs were held against one another and against published values. "
        "A finding marked stop ends the run unless plausibility.accept in params.yaml names it "
        "(accepted); subjects that pass a test share one row. The last columns say what to do and "
        "where the limit comes from.",
    ),
    "global_sinks": (
        "Global sinks",
        "Mean annual NEE of the globe, its spread and its interannual variability (IAV), which is "
        "the standard deviation of detrended annual totals [PgC/yr]. The spread is one standard "
        "deviation across the members of their mean over the years that all of them cover; for "
        "the Global Carbon Budget it is the uncertainty of a single year stated in its workbook, "
        "if there is one. The land sink of that budget excludes emissions from land-use change.",
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
        "Normalised Nash-Sutcliffe efficiency (nNSE) [1], from 0 to 1; a model at 0.5 is as good "
        "as the mean of the inversions.",
    ),
    "nnse_truth": (
        "Efficiency of monthly totals against the truth",
        "Normalised Nash-Sutcliffe efficiency (nNSE) [1], from 0 to 1; a model at 0.5 is as good "
        "as the mean of the truth.",
    ),
    "map_scores": (
        "Maps of mean annual NEE against the inversions and the truth",
        "Bias and RMSE [g m-2 yr-1] and R [1] across the cells of each region, weighted by land "
        "area. The inversions are not reliable in single cells: only the truth shows whether a "
        "spatial pattern is right.",
    ),
    "truth_scores": (
        "Scores against the truth",
        "Only a synthetic Earth has a known truth. Bias and annual RMSE are in PgC/yr, monthly "
        "RMSE is in PgC/month.",
    ),
    "coverage": (
        "How often the truth lies within the stated spread: annual totals",
        "Share [1] of n years in which the truth lies within the 68 % interval (one standard "
        "deviation across the members on either side of their mean) and within the 95 % interval "
        "(1.96 standard deviations). Raw: the standard deviation as stated; inflated: multiplied "
        "by a factor (inflation) calibrated on other synthetic Earths. The factor allows for the "
        "bias of the regions on average and removes none of it. ALL pools the 18 regions.",
    ),
    "coverage_cells": (
        "How often the truth lies within the stated spread: annual NEE of cells",
        "As above, but as shares of land area; n is the number of cell-years. ALL pools all cells.",
    ),
    "regional_sinks": (
        "Mean annual NEE by region",
        "Mean annual NEE [PgC/yr] ± one standard deviation across the members.",
    ),
    "site_scores": (
        "Out-of-fold scores at towers",
        "RMSE [g m-2 d-1], modelling efficiency (MEF) and R [1] over all site-days, overall and by "
        "land cover of the site; each site-day counts once. As in the paper, epochs were chosen "
        "on the same towers. The models are compared with observations only, because the truth is "
        "stored as monthly maps and not at towers.",
    ),
    "site_skill_r2": (
        "R2 of single towers, by scale of time",
        "Quartiles and 90th percentile of R2 [1] over towers withheld from training, and the share "
        "of towers at which it is negative. Season: mean seasonal cycle; season shape: the same "
        "without its mean; anomaly: daily departures from the mean seasonal cycle; annual: "
        "departures of annual means. Scores of all towers together are in the last column: R2 of "
        "the means of towers (mean) and over all site-days (pooled, MEF). The no-skill models are "
        "the mean and the mean seasonal cycle of the towers of other folds.",
    ),
    "post_hoc": (
        "Post-hoc check of the bridge",
        "Total that the bridge derives from the NEE of a model, compared with the sum over all "
        "cells [PgC/yr]; GLOBAL is the sum of the 18 regions.",
    ),
    "bridge": (
        "The bridge and its stability",
        "R2 of monthly regional totals in training and in held-out years, the number of "
        "contributing cells and how many of them enter one training step, and the response to a "
        "uniform shift as a share of the expected one. R2 is 1 by definition where the bridge uses "
        "every cell (sampled, exact). Alongside are the mean and standard deviation (SD) for the "
        "paper's Lasso over random draws of the candidates, and the overlap between two draws "
        "(cells in both divided by cells in either) of the contributing cells and the candidates.",
    ),
    "shift": (
        "Shift test of the bridge",
        "Response of the bridge to a uniform change of -1 g m-2 d-1 in NEE, and the response "
        "expected from the land area [PgC/yr]; a share of 1 means that the bridge conserves mass.",
    ),
}
