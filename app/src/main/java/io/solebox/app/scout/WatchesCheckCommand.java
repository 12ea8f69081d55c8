package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.WatchAdvice;
import io.solebox.scout.watch.Watch;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at what is looked for, without asking anybody. */
@Command(
    name = "check",
    description =
        "Say what is wrong with the settings, and which watches ask for what can never be."
            + " It asks no other machine. Ends with 1 where something is wrong.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WatchesCheckCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  WatchesCheckCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    ScoutSettings settings = WrittenSettings.read(place.config(environment)).settings(console);
    boolean odd = false;
    for (Watch watch : settings.watches()) {
      List<String> advice = WatchAdvice.of(watch, settings);
      odd |= !advice.isEmpty();
      console.println(ScoutWatchesCommand.text(watch));
      if (advice.isEmpty()) {
        console.print("  ");
        console.print(Console.Tint.GREEN, "fine");
        console.println("");
      }
      for (String each : advice) {
        console.print("  ");
        console.print(Console.Tint.YELLOW, each);
        console.println("");
      }
    }
    settings.ebay().ifPresent(ebay -> budget(ebay, settings.watches()));
    if (settings.watches().isEmpty()) {
      console.println("Nothing is looked for.");
    }
    return odd ? 1 : 0;
  }

  /** What the day's calls are divided by at least: long lists of words are asked for in parts. */
  private void budget(EbaySettings ebay, List<Watch> watches) {
    long searches =
        watches.stream()
            .mapToLong(
                watch ->
                    ebay.sites().stream()
                        .filter(
                            site -> watch.sites().isEmpty() || watch.sites().contains(site.name()))
                        .count())
            .sum();
    console.println(
        "eBay: at least %d searches, over %d sites%s"
            .formatted(
                searches,
                ebay.sites().size(),
                ebay.callsPerDay().isPresent()
                    ? ", by at most %d calls a day".formatted(ebay.callsPerDay().getAsInt())
                    : ", by as many calls a day as eBay allows"));
  }
}
