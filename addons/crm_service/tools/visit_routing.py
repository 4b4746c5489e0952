"""The routing problem behind :func:`visit_planning.plan`, told to OR-Tools.

Nodes: one start and one end for each shift, one for each located busy time (fixed in
its shift), one for each job (optional, at a price). The time dimension holds pauses
and meetings as breaks.
"""

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from .visit_planning import _days

#: Leaving out a job of priority 0 costs more than any tour; higher ones twice, ...
DROP_COST = 100_000
#: Solutions looked at: enough for 40 visits, and the same on every machine.
SOLUTION_LIMIT = 400


class _Problem:
    """Indices of nodes and vehicles, built once."""

    def __init__(self, jobs, technicians, not_before):
        self.days = [day for tech in technicians for day in _days(tech)]
        self.jobs = jobs
        self.places, self.durations = [], []
        self.starts, self.ends, self.fixed = [], [], []
        self.base = min((day.shift.start for day in self.days), default=0)
        self.base = min(self.base, not_before) if not_before else self.base
        self.horizon = max((day.shift.end for day in self.days), default=0) - self.base
        for day in self.days:
            self.starts.append(self._add(day.technician.home, 0))
            self.ends.append(self._add(day.technician.home, 0))
        for vehicle, day in enumerate(self.days):
            for anchor in day.anchors:
                start = max(anchor.start, day.shift.start)
                end = min(anchor.end, day.shift.end)
                node = self._add(anchor.place, end - start)
                self.fixed.append((node, vehicle, start - self.base))
        self.first_job = len(self.places)
        for job in jobs:
            self._add(job.place, job.duration)

    def _add(self, place, duration):
        self.places.append(place)
        self.durations.append(duration)
        return len(self.places) - 1

    def vehicles(self, job):
        """Return the shifts in which ``job`` could be done."""
        return [
            vehicle
            for vehicle, day in enumerate(self.days)
            if job.skills <= day.technician.skills
            and job.technician in (None, day.technician.key)
            and day.shift.start + job.duration <= job.window[1]
            and max(day.shift.start, job.window[0]) + job.duration <= day.shift.end
        ]


def route(jobs, technicians, travel, not_before=0, time_limit=10.0):
    """Return [(job key, technician key, start)] of the jobs that found a place."""
    problem = _Problem(jobs, technicians, not_before)
    if not jobs or not problem.days:
        return []
    manager = pywrapcp.RoutingIndexManager(
        len(problem.places), len(problem.days), problem.starts, problem.ends
    )
    model = pywrapcp.RoutingModel(manager)
    time = _add_time(problem, manager, model, travel)
    _add_fixed(problem, manager, model, time)
    _add_jobs(problem, manager, model, time, not_before)
    _add_breaks(problem, manager, model, time)
    solution = model.SolveWithParameters(_get_parameters(time_limit))
    if not solution:
        return []
    return _read(problem, manager, model, time, solution)


def _add_time(problem, manager, model, travel):
    nodes = range(len(problem.places))
    legs = [
        [travel(problem.places[a], problem.places[b]) if a != b else 0 for b in nodes]
        for a in nodes
    ]
    transit = [[legs[a][b] + problem.durations[a] for b in nodes] for a in nodes]
    legs_index = model.RegisterTransitMatrix(legs)
    model.SetArcCostEvaluatorOfAllVehicles(legs_index)
    model.AddDimension(
        model.RegisterTransitMatrix(transit),
        problem.horizon,
        problem.horizon,
        False,
        "time",
    )
    time = model.GetDimensionOrDie("time")
    for vehicle, day in enumerate(problem.days):
        for index in (model.Start(vehicle), model.End(vehicle)):
            time.CumulVar(index).SetRange(
                day.shift.start - problem.base, day.shift.end - problem.base
            )
        model.AddVariableMinimizedByFinalizer(time.CumulVar(model.End(vehicle)))
    return time


def _add_fixed(problem, manager, model, time):
    for node, vehicle, start in problem.fixed:
        index = manager.NodeToIndex(node)
        model.VehicleVar(index).SetValues([vehicle])
        time.CumulVar(index).SetRange(start, start)


def _add_jobs(problem, manager, model, time, not_before):
    for position, job in enumerate(problem.jobs):
        index = manager.NodeToIndex(problem.first_job + position)
        first = max(job.window[0], not_before, problem.base) - problem.base
        last = min(job.window[1] - problem.base, problem.horizon) - job.duration
        vehicles = problem.vehicles(job) if last >= first else []
        if not vehicles:
            model.AddDisjunction([index], 0)
            model.ActiveVar(index).SetValue(0)
            continue
        model.VehicleVar(index).SetValues([-1, *vehicles])  # -1: left out
        time.CumulVar(index).SetRange(first, last)
        model.AddDisjunction([index], DROP_COST * (1 + max(job.priority, 0)))


def _add_breaks(problem, manager, model, time):
    solver = model.solver()
    # what a node takes at its own place cannot be interrupted by a break
    at_node = [0] * model.Size()
    for node, duration in enumerate(problem.durations):
        index = manager.NodeToIndex(node)
        if 0 <= index < model.Size():
            at_node[index] = duration
    for vehicle, day in enumerate(problem.days):
        fixed = [
            (node_start, node_start + problem.durations[node])
            for node, at, node_start in problem.fixed
            if at == vehicle
        ]
        spans = []
        for start, end in _merge(day.blocked):
            start = max(start, day.shift.start) - problem.base
            end = min(end, day.shift.end) - problem.base
            # what was already planned over a pause stays as it was planned
            if start < end and not any(a < end and start < b for a, b in fixed):
                spans.append((start, end))
        intervals = [
            solver.FixedDurationIntervalVar(start, start, end - start, False, "pause")
            for start, end in spans
        ]
        if intervals:
            time.SetBreakIntervalsOfVehicle(intervals, vehicle, at_node)


def _merge(spans):
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _get_parameters(time_limit):
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.solution_limit = SOLUTION_LIMIT
    parameters.time_limit.FromMilliseconds(int(time_limit * 1000))
    return parameters


def _read(problem, manager, model, time, solution):
    tours = []
    for vehicle, day in enumerate(problem.days):
        index = model.Start(vehicle)
        while not model.IsEnd(index):
            node = manager.IndexToNode(index)
            if node >= problem.first_job:
                start = solution.Min(time.CumulVar(index)) + problem.base
                job = problem.jobs[node - problem.first_job]
                tours.append((job.key, day.technician.key, start))
            index = solution.Value(model.NextVar(index))
    return tours
