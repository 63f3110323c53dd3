"""The whole model once more, slowly: plain loops over cycles, scalars and lists, checkable with a calculator.

Written from section 3 of the design (equations), not from the engine; the two share no code. It takes a loaded
scenario and ONE row of parameters (address -> value in model units: years, per year, GBP), and returns for each
strategy the same figures as `netcea.engine.outcomes.StrategyOutcomes`, as plain numbers, and the trace.

Time is in years. Cycle i (1 to N) lies between edges[i - 1] and edges[i]. Lists over edges have N + 1 entries, lists
over cycles have N entries (entry i - 1 belongs to cycle i).
"""

from __future__ import annotations

import math

from scipy import special

DAYS_PER_YEAR = 365.25
A_MOMENT = 1e-9
"""Years (0.03 seconds): two times nearer than this are the same time; 487 packs of 30 days are 40 years exactly."""
OLDEST = 110.0
"""Age at which the general population's QALYs end."""


# ====================================================================================================== time
def cycle_edges(horizon, cycle_days):
    """t_i = min(i c, horizon), i = 0..N, N = ceil(horizon / c)."""
    cycle = cycle_days / DAYS_PER_YEAR
    edges = [0.0]
    i = 0
    while edges[-1] < horizon - A_MOMENT:
        i += 1
        edges.append(min(i * cycle, horizon))
    if horizon - edges[-1] <= A_MOMENT:
        edges[-1] = horizon
    return edges


def discount_factors(edges, rate, convention):
    """One factor for each cycle."""
    factors = []
    for i in range(1, len(edges)):
        start, end = edges[i - 1], edges[i]
        if convention == "mid_cycle":
            years = (start + end) / 2.0
        elif convention == "cycle_start":
            years = start
        else:
            years = math.floor(start + A_MOMENT)
        factors.append(discounted(rate, years))
    return factors


def discounted(rates, years):
    """What 1 after so many years is worth now: each year at the rate that holds in it; rates: [(from year, rate), ...]."""
    worth = 1.0
    for k, (start, rate) in enumerate(rates):
        end = rates[k + 1][0] if k + 1 < len(rates) else math.inf
        worth /= (1.0 + rate) ** max(min(years, end) - start, 0.0)
    return worth


def rates_of(settings, measure):
    """The rate from the start, then those that the settings have from later years on: [(from year, rate), ...]."""
    later = [(entry.from_year, getattr(entry, measure)) for entry in settings.later_discount_rates]
    return [(0.0, getattr(settings, f"discount_rate_{measure}")), *(step for step in later if step[1] is not None)]


def discount_at_moment(edges, t, rate, convention):
    """Packs take the same convention at the moment of dispensing: its own time, its cycle's start, or its year."""
    if convention == "mid_cycle":
        years = t
    elif convention == "cycle_start":
        years = edges[cycle_of(edges, t) - 1]
    else:
        years = math.floor(t + A_MOMENT)
    return discounted(rate, years)


def cycle_of(edges, t):
    """The cycle that holds a moment; a moment on an edge belongs to the cycle that begins."""
    i = max(int(t / (edges[1] - edges[0])) - 1, 0)
    while i + 1 < len(edges) - 1 and edges[i + 1] <= t + A_MOMENT:
        i += 1
    return i + 1


def person_time(edges, x, correction):
    """Years lived in each cycle by those counted by x at the edges."""
    years = []
    for i in range(1, len(edges)):
        length = edges[i] - edges[i - 1]
        if correction == "trapezium":
            mean = (x[i - 1] + x[i]) / 2.0
        elif correction == "start":
            mean = x[i - 1]
        else:
            mean = x[i]
        years.append(length * mean)
    return years


def share_of_cycle(edges, i, starts, ends):
    """Share of cycle i that lies between two times."""
    low, high = max(edges[i - 1], starts), min(edges[i], ends)
    return max(high - low, 0.0) / (edges[i] - edges[i - 1])


# ====================================================================================================== families
def cumulative_hazard(family, t, p, structure):
    """H(t) = -log S(t) of each family; p: parameter -> value, all in one unit of time."""
    if t <= 0.0:
        return 0.0
    if family == "exponential":
        return p["rate"] * t
    if family == "weibull":
        return (t / p["scale"]) ** p["shape"]
    if family == "weibull_ph":
        return p["scale"] * t ** p["shape"]
    if family == "gompertz":
        if p["shape"] == 0.0:
            return p["rate"] * t
        return p["rate"] / p["shape"] * math.expm1(p["shape"] * t)
    if family == "log_normal":
        return minus_log_normal_tail((math.log(t) - p["meanlog"]) / p["sdlog"])
    if family == "log_logistic":
        return math.log1p((t / p["scale"]) ** p["shape"])
    if family == "gamma":
        return -math.log(special.gammaincc(p["shape"], p["rate"] * t))
    if family == "generalised_gamma":
        w = (math.log(t) - p["mu"]) / p["sigma"]
        if p["Q"] == 0.0:
            return minus_log_normal_tail(w)
        k = 1.0 / p["Q"] ** 2
        u = k * math.exp(p["Q"] * w)
        return -math.log(special.gammaincc(k, u) if p["Q"] > 0.0 else special.gammainc(k, u))
    if family == "royston_parmar":
        return royston_parmar_hazard(t, p, structure.knots, structure.scale)
    if family == "piecewise_exponential":
        starts = [0.0, *structure.breaks]
        ends = [*structure.breaks, math.inf]
        total = 0.0
        for j in range(len(starts)):
            total += p[f"rate{j}"] * max(min(t, ends[j]) - starts[j], 0.0)
        return total
    if family == "mixture_cure":
        not_cured = math.exp(-cumulative_hazard(structure.base, t, p, None))
        return -math.log(p["cure_fraction"] + (1.0 - p["cure_fraction"]) * not_cured)
    if family == "non_mixture_cure":
        failed = 1.0 - math.exp(-cumulative_hazard(structure.base, t, p, None))
        return -math.log(p["cure_fraction"]) * failed
    raise NotImplementedError(family)


def minus_log_normal_tail(z):
    """-log Phi(-z)."""
    return -math.log(math.erfc(z / math.sqrt(2.0)) / 2.0)


def royston_parmar_hazard(t, p, knots, scale):
    """A natural cubic spline of log time (Royston and Parmar 2002)."""
    x = math.log(t)
    low, high = knots[0], knots[-1]
    eta = p["gamma0"] + p["gamma1"] * x
    for j in range(1, len(knots) - 1):
        share = (high - knots[j]) / (high - low)
        v = max(x - knots[j], 0.0) ** 3 - share * max(x - low, 0.0) ** 3 - (1.0 - share) * max(x - high, 0.0) ** 3
        eta += p[f"gamma{j + 1}"] * v
    if scale == "hazard":
        return math.exp(eta)
    if scale == "odds":
        return math.log1p(math.exp(eta))
    return minus_log_normal_tail(eta)


def table_hazard(family, t, p, structure, points):
    """Tabulated: log-linear, its last slope goes on. Kaplan-Meier: steps, then the tail's hazard from tail_from on."""
    if points[0][0] > 0.0:
        points = [(0.0, 1.0), *points]
    if family == "tabulated":
        j = 1
        while j < len(points) - 1 and t > points[j][0]:
            j += 1
        (t0, s0), (t1, s1) = points[j - 1], points[j]
        return -math.log(s0) + (math.log(s0) - math.log(s1)) * (t - t0) / (t1 - t0)
    reached = 1.0
    for time, survival in points:
        if time <= min(t, structure.tail_from):
            reached = survival
    h = -math.log(reached)
    if t > structure.tail_from:
        h += cumulative_hazard(structure.tail, t, p, None)
        h -= cumulative_hazard(structure.tail, structure.tail_from, p, None)
    return h


def with_median(family, median, p):
    """The parameter that gives a family of this shape this median."""
    if family == "exponential":
        return {"rate": math.log(2.0) / median}
    if family == "weibull":
        return {**p, "scale": median / math.log(2.0) ** (1.0 / p["shape"])}
    if family == "weibull_ph":
        return {**p, "scale": math.log(2.0) / median ** p["shape"]}
    if family == "gompertz":
        if p["shape"] == 0.0:
            return {**p, "rate": math.log(2.0) / median}
        return {**p, "rate": math.log(2.0) * p["shape"] / math.expm1(p["shape"] * median)}
    if family == "log_normal":
        return {**p, "meanlog": math.log(median)}
    if family == "log_logistic":
        return {**p, "scale": median}
    if family == "gamma":
        return {**p, "rate": special.gammaincinv(p["shape"], 0.5) / median}
    raise NotImplementedError(family)


def median_of(family, p, structure):
    """The time at which H = log 2, by halving an interval until it is one number wide."""
    low, high = 0.0, 1.0
    while cumulative_hazard(family, high, p, structure) < math.log(2.0):
        low, high = high, 2.0 * high
    for _ in range(200):
        middle = (low + high) / 2.0
        if cumulative_hazard(family, middle, p, structure) < math.log(2.0):
            low = middle
        else:
            high = middle
    return high


# ====================================================================================================== mortality
def table_lookup(ages, column, age):
    """Value of a table by whole years of age; before its first and beyond its last age the nearest."""
    k = math.floor(age + A_MOMENT) - int(ages[0])
    return float(column[min(max(k, 0), len(column) - 1)])


def hazard_of_one_sex(life_table, sex, start_age, t):
    """Cumulative hazard between start_age and start_age + t: -ln(1 - qx) constant within each year of age."""
    qx = life_table.qx_female if sex == "female" else life_table.qx_male
    end, total = start_age + t, 0.0
    last = len(qx) - 1
    first_year, last_year = (min(max(math.floor(a - float(life_table.age[0])), 0), last) for a in (start_age, end))
    for j in range(first_year, last_year + 1):
        age = float(life_table.age[j])
        begins = -math.inf if j == 0 else age
        finishes = math.inf if j == last else age + 1.0
        years = min(end, finishes) - max(start_age, begins)
        if years > 0.0:
            total += -math.log1p(-float(qx[j])) * years
    return total


def general_population(scenario, row):
    """Discounted QALYs and life years: each sex on the model's grid until age 110, then averaged."""
    settings, population = scenario.file.settings, scenario.file.population
    age, p = row[population.start_age], row[population.proportion_female]
    edges = cycle_edges(OLDEST - age, settings.cycle_days)
    factor = discount_factors(edges, rates_of(settings, "qalys"), settings.discounting)
    norms = scenario.severity_norms
    qalys = years = 0.0
    for sex, share, norm in (("female", p, norms.female), ("male", 1.0 - p, norms.male)):
        alive = [math.exp(-hazard_of_one_sex(scenario.life_table, sex, age, t)) for t in edges]
        lived = person_time(edges, alive, settings.half_cycle_correction)
        for i in range(len(lived)):
            years += share * factor[i] * lived[i]
            qalys += share * factor[i] * lived[i] * table_lookup(norms.age, norm, age + edges[i])
    return qalys, years


# ====================================================================================================== curves
class Curves:
    """Every curve of a scenario for one row: family, then ratio, then waning, then background mortality."""

    def __init__(self, scenario, row, edges, tables):
        self.scenario, self.row, self.edges, self.tables = scenario, row, edges, tables
        self.at_edges = {}
        self.prepared = {}
        self.population_cache = {}

    # -------------------------------------------------------------------- the general population
    def population(self, t):
        """Cumulative hazard of a population of the cohort's age and sexes at the start: a mixture of survivals."""
        if t not in self.population_cache:
            population = self.scenario.file.population
            age, p = self.row[population.start_age], self.row[population.proportion_female]
            female = math.exp(-hazard_of_one_sex(self.scenario.life_table, "female", age, t))
            male = math.exp(-hazard_of_one_sex(self.scenario.life_table, "male", age, t))
            self.population_cache[t] = -math.log(p * female + (1.0 - p) * male)
        return self.population_cache[t]

    # -------------------------------------------------------------------- step 1: family or ratio
    def own(self, address, t):
        """H before waning and background mortality."""
        model = self.scenario.curves[address]
        if model.relative_to is not None:
            if model.hazard_ratios:
                return self.by_interval(model, t)
            if model.hazard_ratio is not None:
                return self.row[model.hazard_ratio] * self.before_background(model.relative_to, t)
            return self.before_background(model.relative_to, t / self.row[model.acceleration_factor])
        family, p, structure, time_factor = self.prepare(address)
        if family in ("tabulated", "kaplan_meier"):
            h = table_hazard(family, t * time_factor, p, structure, self.tables[structure.table])
        else:
            h = cumulative_hazard(family, t * time_factor, p, structure)
        if model.ratio_without_crossover is not None:  # the effect that was seen over the one that there was
            h *= self.row[model.ratio_with_crossover] / self.row[model.ratio_without_crossover]
        return h if model.hazard_ratio is None else self.row[model.hazard_ratio] * h

    def by_interval(self, model, t):
        """Each interval's ratio times what the reference's H rises by between its two ends, as far as t."""
        total, begins = 0.0, 0.0
        for interval in model.hazard_ratios:
            ends = t if interval.until is None else min(max(self.row[interval.until], begins), t)
            rise = self.before_background(model.relative_to, ends) - self.before_background(model.relative_to, begins)
            total += self.row[interval.hazard_ratio] * rise
            begins = ends
        return total

    def prepare(self, address):
        """Family, parameters, structure, and what multiplies years."""
        if address in self.prepared:
            return self.prepared[address]
        model = self.scenario.curves[address]
        family = model.distribution.name
        structure = self.block(address)
        p = {name: self.row[a] for name, a in model.parameters.items()}
        time_factor = model.time_factor
        if model.median is not None:
            median = self.row[model.median] * time_factor
            if model.moved_to_median is not None:
                own = median_of(family, p, structure)
                time_factor *= (own if math.isfinite(own) else model.moved_to_median) / median
            else:
                p = with_median(family, median, p)
        self.prepared[address] = family, p, structure, time_factor
        return self.prepared[address]

    def block(self, address):
        """The curve's block in the scenario file."""
        _, strategy, endpoint = address.split(".")
        strategy = self.scenario.file.strategies[strategy]
        return strategy.time_on_treatment.curve if endpoint == "time_on_treatment" else getattr(strategy, endpoint)

    # -------------------------------------------------------------------- step 2: waning
    def before_background(self, address, t):
        """H after waning."""
        if self.scenario.curves[address].waning_towards is None:
            return self.own(address, t)
        key = (address, "waned")
        if key not in self.at_edges:
            self.at_edges[key] = self.waned_at_edges(address)
        return self.between_edges(self.at_edges[key], t)

    def waned_at_edges(self, address):
        """The hazard moves from the own to the reference's, increment by increment."""
        model = self.scenario.curves[address]
        starts, ends = self.row[model.waning_starts], self.row[model.waning_ends]
        reference = model.waning_towards
        h = [0.0]
        for i in range(1, len(self.edges)):
            a, b = self.edges[i - 1], self.edges[i]
            if starts == ends:
                split = min(max(starts, a), b)
                own = self.own(address, split) - self.own(address, a)
                other = self.before_background(reference, b) - self.before_background(reference, split)
                h.append(h[-1] + own + other)
                continue
            weight = min(max(((a + b) / 2.0 - starts) / (ends - starts), 0.0), 1.0)
            own = self.own(address, b) - self.own(address, a)
            other = self.before_background(reference, b) - self.before_background(reference, a)
            h.append(h[-1] + (1.0 - weight) * own + weight * other)
        return h

    # -------------------------------------------------------------------- step 3: background mortality
    def hazard(self, address, t):
        """H of the finished curve."""
        mechanism = self.scenario.curves[address].background_mortality
        if mechanism == "none":
            return self.before_background(address, t)
        key = (address, mechanism)
        if key not in self.at_edges:
            h = [0.0]
            for i in range(1, len(self.edges)):
                a, b = self.edges[i - 1], self.edges[i]
                model = self.before_background(address, b) - self.before_background(address, a)
                population = self.population(b) - self.population(a)
                h.append(h[-1] + (model + population if mechanism == "excess" else max(model, population)))
            self.at_edges[key] = h
        return self.between_edges(self.at_edges[key], t)

    def survival(self, address, t):
        """S(t) of the finished curve."""
        return math.exp(-self.hazard(address, t))

    def between_edges(self, h, t):
        """Log-linear survival between the edges; beyond the last edge its last hazard goes on."""
        edges = self.edges
        i = int(t / (edges[1] - edges[0])) + 1  # all cycles but the last have one length
        i = min(max(i, 1), len(edges) - 1)
        while i > 1 and t < edges[i - 1]:
            i -= 1
        while i < len(edges) - 1 and t > edges[i]:
            i += 1
        if t == edges[i]:
            return h[i]
        return h[i - 1] + (h[i] - h[i - 1]) * (t - edges[i - 1]) / (edges[i] - edges[i - 1])


# ====================================================================================================== one strategy
class SlowStrategy:
    """Where the patients of one strategy are, and what they cost and gain."""

    def __init__(self, scenario, row, name, curves):
        self.scenario, self.row, self.name, self.curves = scenario, row, name, curves
        self.file = scenario.file
        self.settings = scenario.file.settings
        self.edges = curves.edges
        self.n = len(self.edges) - 1
        self.factor = {
            "costs": discount_factors(self.edges, rates_of(self.settings, "costs"), self.settings.discounting),
            "qalys": discount_factors(self.edges, rates_of(self.settings, "qalys"), self.settings.discounting),
        }
        self.rate = {"costs": rates_of(self.settings, "costs"), "qalys": rates_of(self.settings, "qalys")}
        self.costs, self.undiscounted_costs = {}, {}
        self.qalys, self.undiscounted_qalys = {}, {}
        self.life_years, self.undiscounted_life_years = {}, {}
        self.women = {}
        self.occupancy()
        self.flows()

    def value(self, address, otherwise=None):
        """A number by its address; the default where the file names none."""
        return otherwise if address is None else self.row[address]

    # -------------------------------------------------------------------- occupancy
    def survival_pfs(self, t):
        """S_PFS(t)."""
        return self.curves.survival(f"strategies.{self.name}.pfs", t)

    def survival_os(self, t):
        """S_OS(t)."""
        return self.curves.survival(f"strategies.{self.name}.os", t)

    def states(self, t):
        """Progression-free, progressed and alive at a time."""
        pfs, overall = self.survival_pfs(t), self.survival_os(t)
        if self.settings.crossing == "raise_os":
            alive = max(pfs, overall)
            free = pfs
        else:
            alive = overall
            free = min(pfs, overall)
        return free, alive - free, alive

    def on_treatment(self, t):
        """Those on treatment who are progression-free, and those who have progressed, stopping rule apart."""
        treatment = self.file.strategies[self.name].time_on_treatment
        free, _, alive = self.states(t)
        if treatment.rule == "none":
            return 0.0, 0.0
        if treatment.rule == "until_progression":
            return free, 0.0
        if treatment.rule == "pfs_time_ratio":
            treated = self.survival_pfs(t / self.row[treatment.time_ratio])
        else:
            treated = self.curves.survival(f"strategies.{self.name}.time_on_treatment", t)
        treated = min(treated, alive)
        before_progression = min(treated, free)
        return before_progression, treated - before_progression

    def stops_at(self):
        """The time at which everybody stops."""
        return self.value(self.file.strategies[self.name].time_on_treatment.stops_at, math.inf)

    def occupancy(self):
        """At the edges."""
        self.free, self.progressed, self.alive, self.capped = [], [], [], []
        self.treated_free, self.treated_progressed = [], []
        for t in self.edges:
            free, progressed, alive = self.states(t)
            self.free.append(free)
            self.progressed.append(progressed)
            self.alive.append(alive)
            self.capped.append(free < self.survival_pfs(t))
            treated_free, treated_progressed = self.on_treatment(t)
            self.treated_free.append(treated_free)
            self.treated_progressed.append(treated_progressed)

    def years(self, x):
        """Person-time of each cycle."""
        return person_time(self.edges, x, self.settings.half_cycle_correction)

    def flows(self):
        """Deaths, deaths from progression-free and progressions in each cycle."""
        share = self.row[self.file.survival.share_of_pfs_events_that_are_deaths]
        self.deaths, self.deaths_free, self.progressions = [], [], []
        years_free = self.years(self.free)
        for i in range(1, self.n + 1):
            length = self.edges[i] - self.edges[i - 1]
            population = self.curves.population(self.edges[i]) - self.curves.population(self.edges[i - 1])
            deaths = self.alive[i - 1] - self.alive[i]
            exits = self.free[i - 1] - self.free[i]
            from_free = max(share * exits, population / length * years_free[i - 1])
            if self.capped[i]:
                from_free = exits
            from_free = min(from_free, exits, deaths)
            self.deaths.append(deaths)
            self.deaths_free.append(from_free)
            self.progressions.append(exits - from_free)

    # -------------------------------------------------------------------- what is paid or gained, and when
    def book(self, what, key, amount, cycle, factor):
        """Add an amount to a cycle, discounted and not."""
        for account, value in ((getattr(self, what), amount * factor), (getattr(self, f"undiscounted_{what}"), amount)):
            account.setdefault(key, [0.0] * self.n)[cycle - 1] += value

    def book_person_time(self, item, amount, during, starts=0.0, ends=math.inf):
        """An amount for each year in a state or on treatment between two times."""
        if during == "on_treatment":
            occupied = {"progression_free": self.treated_free, "progressed": self.treated_progressed}
            ends = min(ends, self.stops_at())
        elif during == "alive":
            occupied = {"progression_free": self.free, "progressed": self.progressed}
        else:
            dead = [1.0 - alive for alive in self.alive]
            occupied = {during: {"progression_free": self.free, "progressed": self.progressed, "dead": dead}[during]}
        for state, x in occupied.items():
            years = self.years(x)
            for i in range(1, self.n + 1):
                paid = amount * years[i - 1] * share_of_cycle(self.edges, i, starts, ends)
                self.book("costs", (item, state), paid, i, self.factor["costs"][i - 1])

    def book_dispensings(self, item, amount, during, interval, occasions="all", window=(0.0, math.inf, 0.0)):
        """An amount at a time (0) and each interval from it before the horizon, for those in the state at that moment.

        Only moments from the start of a window on, and before its end, count.
        """
        starts, ends, origin = window
        k = 0
        while origin + k * interval < self.settings.horizon_years - A_MOMENT:
            moment = origin + k * interval
            counted = (occasions == "all") or (occasions == "first" and k == 0) or (occasions == "later" and k > 0)
            if counted and starts - A_MOMENT <= moment < ends - A_MOMENT:
                factor = discount_at_moment(self.edges, moment, self.rate["costs"], self.settings.discounting)
                cycle = cycle_of(self.edges, moment)
                for state, present in self.present(during, moment).items():
                    self.book("costs", (item, state), amount * present, cycle, factor)
            k += 1

    def present(self, during, t):
        """Who is in a state or on treatment at a moment."""
        if during == "on_treatment":
            if t >= self.stops_at() - A_MOMENT:
                return {}
            free, progressed = self.on_treatment(t)
            return {"progression_free": free, "progressed": progressed}
        free, progressed, _ = self.states(t)
        both = {"progression_free": free, "progressed": progressed}
        return both if during == "alive" else {during: both[during]}

    def book_flow(self, item, amount, state, flow, ends=math.inf):
        """An amount for each death or progression before a time."""
        for i in range(1, self.n + 1):
            paid = amount * flow[i - 1] * share_of_cycle(self.edges, i, 0.0, ends)
            self.book("costs", (item, state), paid, i, self.factor["costs"][i - 1])

    # -------------------------------------------------------------------- costs
    def counts(self, item):
        """Whether the perspective has the payer: NHS and PSS alone, everybody, or those of a list."""
        perspective = self.file.decision_problem.perspective
        if isinstance(perspective, str):
            return perspective == "societal" or getattr(item, "payer", "NHS and PSS") == "NHS and PSS"
        return getattr(item, "payer", "NHS and PSS") in perspective

    def run_costs(self):
        """Every cost item that this strategy bears."""
        for name, item in self.file.costs.items():
            if self.counts(item) and (item.strategies == "all" or self.name in item.strategies):
                getattr(self, f"cost_{item.kind}")(name, item)

    def cost_drug_acquisition(self, name, item):
        """In each window of time the item as it is there; once, without an end, where it has no windows."""
        if not getattr(item, "windows", None):
            self.drug_in_a_window(name, item, (0.0, math.inf, 0.0))
            return
        reached = 0.0
        for window in item.windows:
            starts = max(self.value(window.starts, 0.0), reached)
            ends = self.value(window.ends, math.inf)
            reached = max(reached, ends)
            here, begins_anew = item.model_copy(), False
            for field in type(window).model_fields:
                if field not in ("starts", "ends") and getattr(window, field) is not None:
                    here = here.model_copy(update={field: getattr(window, field)})
                    begins_anew = begins_anew or field in ("pack_days", "share_of_tablets_taken", "interval")
            self.drug_in_a_window(name, here, (starts, ends, starts if begins_anew else 0.0))

    def drug_in_a_window(self, name, item, window):
        """Whole packs, person-time, or vials."""
        payers = self.value(item.share, 1.0) * (1.0 - self.value(item.discount, 0.0))
        if item.price_follows_milligrams:
            payers *= self.value(item.milligram_intensity)
        if item.method == "per_administration":
            amount = payers * self.value(item.price_per_vial) * self.vials(item)
            self.book_dispensings(name, amount, item.during, self.value(item.interval), window=window)
            return
        lasts = self.value(item.pack_days) / self.value(item.share_of_tablets_taken, 1.0)
        if item.method == "per_pack":
            paid = payers * self.value(item.price_per_pack)
            self.book_dispensings(name, paid, item.during, lasts, window=window)
        else:
            paid = payers * self.value(item.price_per_pack) / lasts
            self.book_person_time(name, paid, item.during, window[0], window[1])

    def vials(self, item):
        """Mean number of vials of one administration; body size log-normal between patients."""
        vials_per_unit = self.value(item.dose) / self.value(item.vial_mg)
        if item.body_size_mean is None:
            if item.vial_sharing:
                return vials_per_unit
            return math.ceil(vials_per_unit - A_MOMENT)
        mean, sd = self.value(item.body_size_mean), self.value(item.body_size_sd)
        if item.vial_sharing:
            return vials_per_unit * mean
        sigma = math.sqrt(math.log(1.0 + (sd / mean) ** 2))
        mu = math.log(mean) - sigma**2 / 2.0
        total, k = 1.0, 1  # everybody needs one vial; a second by those whose dose exceeds one, and so on
        while True:
            z = (math.log(k / vials_per_unit) - mu) / sigma
            more = math.erfc(z / math.sqrt(2.0)) / 2.0
            total += more
            k += 1
            if z > 0.0 and more < 1e-17:
                return total

    def cost_administration(self, name, item):
        """Occasions x unit cost."""
        amount = self.value(item.share, 1.0) * self.value(item.unit_cost)
        starts, ends = self.value(item.starts, 0.0), self.value(item.ends, math.inf)
        window = (starts, ends, starts)
        self.book_dispensings(name, amount, item.during, self.value(item.interval), item.occasions, window)

    def cost_resource_use(self, name, item):
        """Person-time x frequency x unit cost."""
        amount = self.value(item.unit_cost) * self.value(item.frequency) * self.value(item.share, 1.0)
        starts, ends = self.value(item.starts, 0.0), self.value(item.ends, math.inf)
        self.book_person_time(name, amount, item.during, starts, ends)

    def cost_subsequent_treatment(self, name, item):
        """Those who begin it x (packs x price + dispensings), for packs that last longer where days are missed."""
        price = self.value(item.price_per_pack) * (1.0 - self.value(item.discount, 0.0))
        lasts = self.value(item.pack_days) / self.value(item.share_of_tablets_taken, 1.0)
        exact = self.value(item.duration) / lasts
        opened = 0
        while opened * (1.0 + A_MOMENT) < exact:  # at times 0, lasts, 2 lasts ... before the end
            opened += 1
        cost = (opened if item.method == "per_pack" else exact) * price
        for k in range(opened):
            cost += self.value(item.first_dispensing if k == 0 else item.later_dispensings, 0.0)
        self.book_flow(name, cost, "progressed", self.begin(item))

    def begin(self, item):
        """Those who begin a subsequent treatment in each cycle, per patient at the start."""
        share, whole = self.value(item.share), math.fsum(self.progressions)
        if item.of == "progressions":
            return [share * progressed for progressed in self.progressions]
        return [share * (progressed / whole if whole else 0.0) for progressed in self.progressions]

    def later_treatments(self):
        """The subsequent treatments that this strategy bears."""
        items = [item for item in self.file.costs.values() if item.kind == "subsequent_treatment"]
        return [item for item in items if item.strategies == "all" or self.name in item.strategies]

    def cost_end_of_life(self, name, item):
        """Deaths x unit cost."""
        self.book_flow(name, self.value(item.unit_cost), "dead", self.deaths)

    def cost_productivity(self, name, item):
        """Working time lost before the pension age: all of it, or a friction period of each absence."""
        amount = self.value(item.unit_cost) * self.value(item.frequency) * self.value(item.share, 1.0)
        working = self.value(item.pension_age, math.inf) - self.row[self.file.population.start_age]
        if item.method == "human_capital":
            self.book_person_time(name, amount, item.during, 0.0, working)
            return
        period = self.value(item.friction_period)
        if item.during == "progressed":
            self.book_flow(name, amount * period, "progressed", self.progressions, working)
        elif item.during == "dead":
            self.book_flow(name, amount * period, "dead", self.deaths, working)
        else:
            self.book_person_time(name, amount, item.during, 0.0, min(period, working))

    def cost_one_off(self, name, item):
        """At the start, undiscounted."""
        amount = self.value(item.unit_cost) * self.value(item.share, 1.0)
        self.book("costs", (name, "progression_free"), amount, 1, 1.0)

    # -------------------------------------------------------------------- adverse events
    def run_adverse_events(self):
        """Costs and QALYs lost: once at the start, or spread over time on treatment."""
        events = self.file.adverse_events
        for name, event in events.events.items():
            self.events_of_later_treatments(name, event)
            if self.name not in event.incidence:
                continue
            incidence = self.value(event.incidence[self.name])
            lasts = min(self.value(event.duration), self.edges[-1])  # what lies beyond the horizon is not counted
            lost = incidence * self.value(event.decrement) * lasts
            cost = incidence * self.value(event.unit_cost)
            for cycle, share, factor_costs, factor_qalys in self.when_adverse_events_happen(events.timing):
                key = (f"adverse_events.{name}", "progression_free")
                if self.counts(event):
                    self.book("costs", key, cost * share, cycle, factor_costs)
                self.book("qalys", key, -lost * share, cycle, factor_qalys)

    def events_of_later_treatments(self, name, event):
        """Those who begin a treatment of another strategy have the events of that strategy, when they begin."""
        for item in self.later_treatments():
            if item.adverse_events_of not in event.incidence:
                continue
            incidence = self.value(event.incidence[item.adverse_events_of])
            lasts = min(self.value(event.duration), self.edges[-1])
            lost = incidence * self.value(event.decrement) * lasts
            for i, begin in enumerate(self.begin(item), 1):
                key = (f"adverse_events.{name}", "progressed")
                if self.counts(event):
                    self.book(
                        "costs", key, begin * incidence * self.value(event.unit_cost), i, self.factor["costs"][i - 1]
                    )
                self.book("qalys", key, -begin * lost, i, self.factor["qalys"][i - 1])

    def when_adverse_events_happen(self, timing):
        """Cycle, share of the events that fall in it, and discount factors."""
        if timing == "at_start":
            return [(1, 1.0, 1.0, 1.0)]
        if self.file.strategies[self.name].time_on_treatment.rule == "none":
            years = self.years(self.free)
        else:
            free, progressed = self.years(self.treated_free), self.years(self.treated_progressed)
            years = []
            for i in range(1, self.n + 1):
                years.append((free[i - 1] + progressed[i - 1]) * share_of_cycle(self.edges, i, 0.0, self.stops_at()))
        total = math.fsum(years)
        costs, qalys = self.factor["costs"], self.factor["qalys"]
        return [(i, years[i - 1] / total, costs[i - 1], qalys[i - 1]) for i in range(1, self.n + 1)]

    # -------------------------------------------------------------------- QALYs and life years
    def run_life_years(self):
        """Person-time in each state."""
        for state, x in (("progression_free", self.free), ("progressed", self.progressed)):
            years = self.years(x)
            for i in range(1, self.n + 1):
                self.book("life_years", ("state", state), years[i - 1], i, self.factor["qalys"][i - 1])

    def norm(self, age, p):
        """Norm at an age in completed years, of a population with a share p of women."""
        norms = self.scenario.norms
        return p * table_lookup(norms.age, norms.female, age) + (1.0 - p) * table_lookup(norms.age, norms.male, age)

    def women_in_cycle(self, cycle):
        """Women's share of the years that the general population lives in a cycle: as men die first, it rises."""
        if cycle in self.women:
            return self.women[cycle]
        population, life_table = self.file.population, self.scenario.life_table
        age, p = self.row[population.start_age], self.row[population.proportion_female]
        lived = {}
        for sex, share in (("female", p), ("male", 1.0 - p)):
            ends = self.edges[cycle - 1], self.edges[cycle]
            alive = [math.exp(-hazard_of_one_sex(life_table, sex, age, t)) for t in ends]
            lived[sex] = share * person_time(ends, alive, self.file.settings.half_cycle_correction)[0]
        self.women[cycle] = lived["female"] / (lived["female"] + lived["male"])
        return self.women[cycle]

    def adjusted(self, utility, cycle):
        """The utility at the age at which a cycle starts: u norm(age) / norm(anchor), never above the norm."""
        if self.file.utilities.age_adjustment == "none":
            return utility
        start_age = self.row[self.file.population.start_age]
        anchor = self.value(self.file.utilities.anchor_age, start_age)
        norm = self.norm(start_age + self.edges[cycle - 1], self.women_in_cycle(cycle))
        at_anchor = self.norm(anchor, self.row[self.file.population.proportion_female])
        return min(utility * norm / at_anchor, norm)

    def own_utilities(self):
        """Addresses of the strategy's utilities: what it states of its own goes before what all have."""
        utilities = self.file.utilities
        names = ["progression_free", "progressed", "decrement_on_progression", "on_treatment_disutility"]
        names += ["off_treatment_progression_free", "off_treatment_progressed"]
        found = {name: getattr(utilities, name) for name in names}
        own = utilities.by_strategy.get(self.name)
        if own is not None:
            if own.progressed is not None or own.decrement_on_progression is not None:
                found["progressed"] = found["decrement_on_progression"] = None
            for name in names:
                if getattr(own, name) is not None:
                    found[name] = getattr(own, name)
        return found

    def run_qalys(self):
        """Utility x person-time in each state."""
        if self.file.utilities.by == "time_to_death":
            self.qalys_by_time_to_death()
            return
        utilities = self.own_utilities()
        free = self.value(utilities["progression_free"])
        if utilities["progressed"] is not None:
            progressed = self.value(utilities["progressed"])
        else:
            progressed = free - self.value(utilities["decrement_on_progression"])
        disutility = self.value(utilities["on_treatment_disutility"], 0.0)
        for state, x, treated, on, off in (
            (
                "progression_free",
                self.free,
                self.treated_free,
                free - disutility,
                self.value(utilities["off_treatment_progression_free"], free),
            ),
            (
                "progressed",
                self.progressed,
                self.treated_progressed,
                progressed - disutility,
                self.value(utilities["off_treatment_progressed"], progressed),
            ),
        ):
            years, years_treated = self.years(x), self.years(treated)
            for i in range(1, self.n + 1):
                with_treatment = years_treated[i - 1] * share_of_cycle(self.edges, i, 0.0, self.stops_at())
                without = years[i - 1] - with_treatment
                gained = self.adjusted(on, i) * with_treatment + self.adjusted(off, i) * without
                self.book("qalys", ("state", state), gained, i, self.factor["qalys"][i - 1])

        on, off = progressed - disutility, self.value(utilities["off_treatment_progressed"], progressed)
        for item in self.later_treatments():
            if item.disutility == "on_treatment":
                for i, begin in enumerate(self.begin(item), 1):
                    lasts = min(self.value(item.duration), self.edges[-1])
                    lost = (self.adjusted(off, i) - self.adjusted(on, i)) * lasts
                    self.book("qalys", ("state", "progressed"), -begin * lost, i, self.factor["qalys"][i - 1])

    def qalys_by_time_to_death(self):
        """Of those alive at t, S(t + a) - S(t + b) die between a and b from then; both states alike."""
        utilities = self.file.utilities
        edges_hazard = [-math.log(alive) for alive in self.alive]
        shares = []  # for each edge: the share of the living in each band, then beyond
        for j in range(self.n + 1):
            here, found = self.alive[j], []
            later = here
            for band in utilities.bands:
                after = math.exp(-self.curves.between_edges(edges_hazard, self.edges[j] + self.row[band.within]))
                found.append((later - after) / here)
                later = after
            found.append(later / here)
            shares.append(found)
        levels = [self.row[band.utility] for band in utilities.bands] + [self.row[utilities.beyond]]
        for state, x in (("progression_free", self.free), ("progressed", self.progressed)):
            for band, level in enumerate(levels):
                in_band = [x[j] * shares[j][band] for j in range(self.n + 1)]
                years = self.years(in_band)
                for i in range(1, self.n + 1):
                    gained = self.adjusted(level, i) * years[i - 1]
                    self.book("qalys", ("state", state), gained, i, self.factor["qalys"][i - 1])

    # -------------------------------------------------------------------- results
    def run(self):
        """Return the outcomes and the trace."""
        self.run_costs()
        self.run_adverse_events()
        self.run_life_years()
        self.run_qalys()
        measures = [prefix + what for what in ("costs", "qalys", "life_years") for prefix in ("", "undiscounted_")]
        found = {
            measure: {key: math.fsum(by_cycle) for key, by_cycle in getattr(self, measure).items()}
            for measure in measures
        }
        found["by_cycle"] = {measure: getattr(self, measure) for measure in measures}
        found["trace"] = {
            "time_years": self.edges,
            "pfs_curve": [self.survival_pfs(t) for t in self.edges],
            "os_curve": [self.survival_os(t) for t in self.edges],
            "progression_free": self.free,
            "progressed": self.progressed,
            "dead": [1.0 - alive for alive in self.alive],
            "on_treatment": [
                self.treated_free[i] + self.treated_progressed[i] if self.edges[i] < self.stops_at() else 0.0
                for i in range(self.n + 1)
            ],
            "deaths": self.deaths,
            "progressions": self.progressions,
            "deaths_progression_free": self.deaths_free,
            "discount_costs": self.factor["costs"],
            "discount_qalys": self.factor["qalys"],
        }
        return found


def slow_model(scenario, row, tables=None):
    """Return strategy -> outcomes of one row of parameters.

    Parameters
    ----------
    scenario : netcea.scenario.scenario.Scenario
    row : mapping of address -> float
        [years, per year, GBP]
    tables : mapping of address -> list of (time, survival), optional
        The survival tables that kaplan_meier and tabulated curves name.

    Returns
    -------
    dict of strategy -> dict
        costs, qalys, life_years and undiscounted_...: (item or source, state) -> number; by_cycle: the same cycle by
        cycle; trace: name -> list.
    """
    settings = scenario.file.settings
    edges = cycle_edges(settings.horizon_years, settings.cycle_days)
    curves = Curves(scenario, row, edges, tables or {})
    return {name: SlowStrategy(scenario, row, name, curves).run() for name in scenario.file.strategies}
