package io.solebox.app.session;

import io.solebox.app.console.RawArgument;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The adapter of a command that runs a model for one purpose. */
public final class AdapterArgument {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--adapter",
      paramLabel = "FILE",
      description = "A LoRA adapter to run the model with: a .gguf file or a folder of PEFT.")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--adapter-scale",
      paramLabel = "X",
      description = "How much of the adapter; 1 is as it was trained. Default: 1.")
  private Optional<Float> scale = Optional.empty();

  /** The options with the adapter, where one is given. */
  public LoadOptions with(LoadOptions options) {
    if (file.isEmpty() && scale.isPresent()) {
      throw new ParameterException(command.commandLine(), "--adapter-scale needs --adapter");
    }
    return file.map(name -> options.withAdapters(List.of(adapter(path("--adapter", name)))))
        .orElse(options);
  }

  private AdapterOptions adapter(Path path) {
    return new AdapterOptions(nameOf(path), path, scale.orElse(1f));
  }

  /** By which an adapter is offered that was given no other: its file's name, without ending. */
  public static String nameOf(Path path) {
    String name = ModelLocator.nameOf(path.toAbsolutePath().normalize());
    return name.replaceAll("[\\s:\\p{Cntrl}]+", "-");
  }

  /**
   * @param option that has it
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is no path
   */
  public static Path path(String option, String argument) {
    try {
      return RawArgument.path(argument);
    } catch (InvalidPathException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          option,
          "This is not a path: " + e.getReason() + ".",
          "Give a path without that character.",
          e);
    }
  }
}
