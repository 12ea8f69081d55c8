package io.solebox.hardware.table;

import java.util.Optional;

/**
 * A generation of GPUs.
 *
 * @param name as in {@code Volta}
 * @param compute its compute capability, or its name for AMD's compiler
 * @param hasGsp whether it has a GPU System Processor, without which NVIDIA's open kernel module
 *     refuses it; empty for other vendors
 * @param lastBranch of NVIDIA's drivers that serves it; empty where the newest do
 * @param onlyModule {@code open} or {@code proprietary} where only that flavour of NVIDIA's kernel
 *     module serves it
 */
public record Architecture(
    String name,
    String compute,
    Optional<Boolean> hasGsp,
    Optional<Integer> lastBranch,
    Optional<String> onlyModule) {}
