package io.solebox.app.power;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.HardwareFile;
import io.solebox.app.session.OwnPlug;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.plug.LastLine;
import io.solebox.hardware.plug.Plug;
import io.solebox.hardware.plug.PlugReading;
import io.solebox.hardware.plug.SilentBox;
import io.solebox.hardware.settings.HardwareSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks the plug before the box. */
@Command(
    name = "plug",
    description =
        "Show what the plug before the box measures, or tell it when to switch off by itself.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PowerPlugCommand implements Callable<Integer> {
  private static final double JOULES_PER_KILOWATT_HOUR = 3.6e6;

  @Spec private CommandSpec spec;

  private final Console console;
  private final Environment environment;

  @Option(names = "--settings", paramLabel = "FILE", description = "As of 'power plan'.")
  private Optional<Path> settings;

  @Option(names = "--on", description = "Switch it on.")
  private boolean on;

  @Option(
      names = "--off-if-silent",
      paramLabel = "URL",
      description =
          "Switch it off if the box behind it, another one than this, has not answered at this"
              + " address for a minute, as in http://box:8080; else leave it on and end with 1.")
  private Optional<URI> box;

  @Option(
      names = "--trip",
      description =
          "Have it switch off by itself at plug.trip_watts of hardware.properties, whatever runs.")
  private boolean trip;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  PowerPlugCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (box.filter(url -> url.getHost() == null || !isHttp(url)).isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--off-if-silent is %s, and not as in http://box:8080".formatted(box.get()));
    }
    HardwareSettings said = HardwareFile.read(settings, environment);
    Plug plug =
        OwnPlug.of(said, environment)
            .orElseThrow(
                () -> wrong("No plug is named.", "Name it, as in plug=shelly:192.168.1.20."));
    if (box.isPresent()) {
      return cut(plug, new SilentBox(box.get(), Thread::sleep));
    }
    Said<PlugReading> answer = on ? plug.switchTo(true) : plug.read();
    if (trip && answer instanceof Said.Yes<PlugReading>) {
      answer =
          plug.tripAt(
              said.plug()
                  .orElseThrow()
                  .tripWatts()
                  .orElseThrow(
                      () -> wrong("Nobody has said at how many watts.", "Set plug.trip_watts.")));
    }
    switch (answer) {
      case Said.Yes<PlugReading>(var reading) ->
          console.println(json ? Json.text(object(plug, reading)) : text(plug, reading));
      case Said.No<PlugReading>(var why) -> {
        console.error("solebox: %s: %s".formatted(plug.name(), why));
        return ExitCode.SOFTWARE;
      }
    }
    return ExitCode.OK;
  }

  private static boolean isHttp(URI url) {
    return "http".equals(url.getScheme()) || "https".equals(url.getScheme());
  }

  private int cut(Plug plug, SilentBox silent) {
    return switch (new LastLine(plug, silent, Duration.ZERO).cut()) {
      case Said.Yes<String>(var words) -> {
        console.println(words);
        yield ExitCode.OK;
      }
      case Said.No<String>(var why) -> {
        console.error("solebox: " + why);
        yield ExitCode.SOFTWARE;
      }
    };
  }

  private static SoleboxException wrong(String what, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, HardwareSettings.FILE, what, remedy);
  }

  private static String text(Plug plug, PlugReading reading) {
    return "%s is %s%s%s%s%s"
        .formatted(
            plug.name(),
            reading.on() ? "on" : "off",
            reading.watts().isPresent() ? part("%.1f W", reading.watts(), 1) : ", has no meter",
            part("%.1f V", reading.volts(), 1),
            part("%.2f A", reading.amperes(), 1),
            part("%.3f kWh so far", reading.joules(), JOULES_PER_KILOWATT_HOUR));
  }

  private static String part(String format, OptionalDouble value, double unit) {
    return value.isPresent()
        ? ", " + String.format(Locale.ROOT, format, value.getAsDouble() / unit)
        : "";
  }

  private static Map<String, Object> object(Plug plug, PlugReading reading) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", plug.name());
    object.put("on", reading.on());
    reading.watts().ifPresent(value -> object.put("watts", value));
    reading.volts().ifPresent(value -> object.put("volts", value));
    reading.amperes().ifPresent(value -> object.put("amperes", value));
    reading.joules().ifPresent(value -> object.put("joules", value));
    return object;
  }
}
