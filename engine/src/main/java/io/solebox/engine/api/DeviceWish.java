package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The devices that models are to run on, as the options of commands say it.
 *
 * @param device {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:1}, {@code reference}; several
 *     with {@code cuda:0,1} or {@code cuda:all}
 * @param shares of the layers for each of several devices, in their order; none where they are to
 *     be found out
 * @param gpuLayers how many of the last layers run there, and the others on the CPU; empty for all
 * @param threads CPU threads, 1 to {@link Engine#MAX_THREADS}
 * @param memoryBytes what all models together may take of each device, where it has more
 */
public record DeviceWish(
    String device,
    Split split,
    List<Integer> shares,
    OptionalInt gpuLayers,
    int threads,
    long memoryBytes) {
  private static final int MAX_SHARE = 1_000_000;

  public DeviceWish {
    shares = List.copyOf(shares);
  }

  /** All layers on what {@code device} names, and all the memory that is there. */
  public static DeviceWish of(String device, int threads) {
    return new DeviceWish(
        device, Split.AUTO, List.of(), OptionalInt.empty(), threads, Long.MAX_VALUE);
  }

  /** The same, spread otherwise. */
  public DeviceWish withSplit(Split other) {
    return new DeviceWish(device, other, shares, gpuLayers, threads, memoryBytes);
  }

  /** The same with these shares. */
  public DeviceWish withShares(List<Integer> others) {
    return new DeviceWish(device, split, others, gpuLayers, threads, memoryBytes);
  }

  /** The same with the last {@code layers} alone there, and the others on the CPU. */
  public DeviceWish withGpuLayers(int layers) {
    return new DeviceWish(device, split, shares, OptionalInt.of(layers), threads, memoryBytes);
  }

  /** The same with no more memory of each device than this. */
  public DeviceWish withMemory(long bytes) {
    return new DeviceWish(device, split, shares, gpuLayers, threads, bytes);
  }

  /**
   * Looks for what is wrong on every machine.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with a remedy
   */
  public void check() {
    if (split == Split.TENSOR) {
      requireEqualParts();
    }
    for (int share : shares) {
      if (share < 1 || share > MAX_SHARE) {
        throw refused(
            "--shares " + words(),
            "A share of %d is none: each card gets at least one layer.".formatted(share),
            "Use shares of 1 to " + MAX_SHARE + ", or leave the card out of --device.");
      }
    }
    switch (DeviceName.of(device).which()) {
      case DeviceName.Which.One _ -> requireSeveral(1);
      case DeviceName.Which.Several(var indices) -> requireSeveral(indices.size());
      case DeviceName.Which.All _ -> {} // how many there are is known when they are found
    }
  }

  private void requireEqualParts() {
    if (!shares.isEmpty()) {
      throw refused(
          "--shares " + words(),
          "With --split tensor every card has an equal part of every layer.",
          "Leave --shares out, or use --split layers.");
    }
    if (gpuLayers.isPresent()) {
      throw refused(
          "--gpu-layers " + gpuLayers.getAsInt(),
          "With --split tensor every layer is on all cards, and none on the CPU.",
          "Leave --gpu-layers out, or use --split layers.");
    }
  }

  /**
   * Looks whether what is wished suits so many devices.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with a remedy
   */
  void requireSeveral(int devices) {
    boolean splits = split != Split.AUTO || !shares.isEmpty();
    if (splits && devices < 2) {
      throw refused(
          shares.isEmpty()
              ? "--split " + split.name().toLowerCase(Locale.ROOT)
              : "--shares " + words(),
          "There is nothing to split: --device " + device + " is one device.",
          "Name several, as in --device cuda:0,1 or cuda:all; `solebox devices` lists them.");
    }
    if (!shares.isEmpty() && shares.size() != devices) {
      throw refused(
          "--shares " + words(),
          "There are %d shares for %d devices.".formatted(shares.size(), devices),
          "Give one for each device of --device " + device + ", in its order.");
    }
  }

  private String words() {
    return String.join(",", shares.stream().map(String::valueOf).toList());
  }

  private static SoleboxException refused(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place, message, remedy);
  }
}
