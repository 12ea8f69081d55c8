package io.solebox.app.session;

import io.solebox.engine.api.DeviceWish;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.Split;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that runs a model. */
public final class EngineOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "auto, cpu, cuda or cuda:N; several GPUs with cuda:0,1 or cuda:all; see `solebox devices`."
              + " Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--split",
      paramLabel = "HOW",
      defaultValue = "auto",
      description =
          "How a model is spread over several GPUs: layers, each has some of them; tensor, each has a"
              + " part of every layer; or auto, the one that is expected to answer sooner. Default:"
              + " ${DEFAULT-VALUE}.")
  private Split split;

  @Option(
      names = "--shares",
      paramLabel = "N,N",
      split = ",",
      description =
          "Shares of the layers for each of several GPUs, as in 2,1,1. Default: as fast as their"
              + " memories are, as far as the model fits.")
  private List<Integer> shares = List.of();

  @Option(
      names = "--gpu-layers",
      paramLabel = "N",
      description =
          "Only the last N layers on the GPU, the others on the CPU: for models that do not fit."
              + " Default: all layers where --device says.")
  private Optional<Integer> gpuLayers;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads. Default: one per core.")
  private Optional<Integer> threads;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      description =
          "The longest sequence, prompt and answer together. Default: the smaller of what the model"
              + " was trained for and 8192.")
  private Optional<Integer> context;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      defaultValue = "f16",
      description = "How keys and values are stored: f32, f16 or q8_0. Default: ${DEFAULT-VALUE}.")
  private KvType kvType;

  @Option(
      names = "--no-mmap",
      description = "Read the file into memory, for storage that may vanish or change.")
  private boolean noMmap;

  /** Refuses wrong values before anything is opened. */
  public void check() {
    threads();
    gpuLayers.ifPresent(n -> require(n >= 0, "--gpu-layers", n, "at least 0"));
    asUsage(
        () -> {
          wish().check();
          return this;
        });
    loadOptions(1);
  }

  /**
   * Opens what the options name.
   *
   * @throws io.solebox.engine.error.SoleboxException as {@link Engine#open} says
   */
  public Engine open() {
    return open(Long.MAX_VALUE);
  }

  /**
   * The same where models may not take all there is.
   *
   * @param memoryBytes of each device
   */
  public Engine open(long memoryBytes) {
    return asUsage(() -> Engine.open(wish().withMemory(memoryBytes)));
  }

  private DeviceWish wish() {
    DeviceWish wish = DeviceWish.of(device, threads()).withSplit(split).withShares(shares);
    return gpuLayers.map(wish::withGpuLayers).orElse(wish);
  }

  /** What nobody can fulfil was said wrongly. */
  private <T> T asUsage(Supplier<T> work) {
    try {
      return work.get();
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.INVALID_PARAMETER) {
        throw e;
      }
      throw new ParameterException(
          command.commandLine(), "%s: %s %s".formatted(e.place(), e.getMessage(), e.remedy()), e);
    }
  }

  /** Whether both compute on the same devices. */
  public boolean sharesDevices(EngineOptions other) {
    return wish().equals(other.wish());
  }

  /**
   * The same on another device, and with other keys and values, where these are given.
   *
   * @param otherDevice as {@code --device} says it
   */
  public EngineOptions other(Optional<String> otherDevice, Optional<KvType> otherKvType) {
    var other = new EngineOptions();
    other.command = command;
    other.device = otherDevice.orElse(device);
    other.split = otherDevice.isPresent() ? Split.AUTO : split;
    other.shares = otherDevice.isPresent() ? List.of() : shares;
    other.gpuLayers = otherDevice.isPresent() ? Optional.empty() : gpuLayers;
    other.threads = threads;
    other.context = context;
    other.kvType = otherKvType.orElse(kvType);
    other.noMmap = noMmap;
    return other;
  }

  public int threads() {
    int n = threads.orElseGet(Runtime.getRuntime()::availableProcessors);
    require(n >= 1 && n <= Engine.MAX_THREADS, "--threads", n, "1 to " + Engine.MAX_THREADS);
    return n;
  }

  public KvType kvType() {
    return kvType;
  }

  /** The options with {@code parallel} sequences. */
  public LoadOptions loadOptions(int parallel) {
    LoadOptions options =
        LoadOptions.defaults().withKvType(kvType).withMapped(!noMmap).withParallel(parallel);
    if (context.isEmpty()) {
      return options;
    }
    require(context.get() >= 1, "--context", context.get(), "at least 1");
    return options.withContext(context.get());
  }

  private void require(boolean ok, String option, int value, String range) {
    if (!ok) {
      throw new ParameterException(
          command.commandLine(), option + " is " + value + ", but must be " + range);
    }
  }
}
