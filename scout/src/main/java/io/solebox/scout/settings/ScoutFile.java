package io.solebox.scout.settings;

import io.solebox.scout.toml.Mistake;
import io.solebox.scout.toml.TomlTable;
import io.solebox.scout.toml.TomlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;

/** Reads the settings of a scout; all that is wrong with them is said at once. */
public final class ScoutFile {
  private ScoutFile() {}

  /** What reading came to. */
  public sealed interface Reading {
    record Good(ScoutSettings settings) implements Reading {}

    /**
     * @param mistakes at least one, as the file is read
     */
    record Bad(List<Mistake> mistakes) implements Reading {
      public Bad {
        mistakes = List.copyOf(mistakes);
      }
    }
  }

  /** A file with all that there is, of which nothing is switched on. */
  public static String example() {
    try (InputStream in = ScoutFile.class.getResourceAsStream("example.toml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file. What it names lies beside it, where its path does not begin at the root.
   *
   * @param usual the zone where none is said
   * @throws IOException if it cannot be read
   */
  public static Reading read(Path file, ZoneId usual) throws IOException {
    return of(TomlText.content(file), file.toAbsolutePath().getParent(), usual);
  }

  /**
   * Reads a text.
   *
   * @param folder of the files that it names
   */
  public static Reading of(String toml, Path folder, ZoneId usual) {
    TomlText text = TomlText.of(toml);
    if (!text.mistakes().isEmpty()) {
      return new Reading.Bad(text.mistakes());
    }
    TomlTable root = text.table();
    ScoutSettings settings = settings(root, new Secrets(folder), usual);
    root.nothingElse();
    return text.mistakes().isEmpty()
        ? new Reading.Good(settings)
        : new Reading.Bad(text.mistakes());
  }

  private static ScoutSettings settings(TomlTable root, Secrets secrets, ZoneId usual) {
    General general = GeneralReader.read(root, usual);
    var sources = new SourceReader(secrets, general);
    var ebay = root.table("ebay").flatMap(sources::ebay);
    List<FeedSettings> feeds = root.tables("feed").stream().map(sources::feed).toList();
    List<ShopSettings> shops = root.tables("shop").stream().map(sources::shop).toList();
    var ways = new ChannelReader(secrets, general.calm());
    List<ChannelSettings> channels =
        root.tables("channel").stream().flatMap(each -> ways.read(each).stream()).toList();
    var watches =
        new WatchReader(general, SiteNames.of(root.has("ebay"), ebay, feeds, shops), ways.names());
    return new ScoutSettings(
        general,
        ebay,
        feeds,
        shops,
        channels,
        root.tables("watch").stream().map(watches::read).toList());
  }
}
