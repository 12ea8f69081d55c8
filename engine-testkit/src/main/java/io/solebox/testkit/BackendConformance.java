package io.solebox.testkit;

/**
 * The contract of {@link io.solebox.engine.backend.Backend}, as tests. Each backend has a test
 * class that extends this one and says how to open it. Truth is computed here, in f64, from the op
 * records and the scalar dequantization of {@code io.solebox.engine.tensor}; bounds are those of
 * the numeric contract (docs/cpu-backend.md says which apply where).
 */
public abstract class BackendConformance
    implements LinearConformance,
        PointwiseConformance,
        GateConformance,
        LayoutConformance,
        AttentionConformance,
        AttentionFormsConformance,
        AlibiConformance,
        HeadConformance,
        LowRankConformance,
        RouteConformance,
        ExpertConformance,
        StateConformance,
        KeepConformance,
        SlotConformance,
        TransferConformance,
        RowRequestConformance,
        ProbabilityConformance,
        StepConformance,
        PlanConformance {}
