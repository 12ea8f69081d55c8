package io.solebox.scout.channel.discord;

import io.solebox.scout.notice.Block;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * News as embeds, within what Discord takes (<a
 * href="https://docs.discord.com/developers/resources/message#embed-object-embed-limits">limits</a>):
 * 256 of a title, 25 fields with names of 256 and values of 1024, 6000 in all of a message. Embeds
 * with the same address are shown as one, so no two have the same.
 */
final class Embeds {
  static final int MOST = 10;
  static final int MOST_TITLE = 256;
  static final int MOST_DESCRIPTION = 4096;
  static final int MOST_FIELDS = 25;
  static final int MOST_NAME = 256;
  static final int MOST_VALUE = 1024;
  static final int MOST_IN_ALL = 6000;

  private static final int MOST_ADDRESS = 2048;

  /** As it stands at the end where something is missing. */
  private static final String MORE = "There is more to say; see the page.";

  /** A value that is shorter is worth nothing. */
  private static final int WORTH = 30;

  private final Set<String> addresses = new HashSet<>();

  private Embeds() {}

  /** As plain values; at most {@value #MOST} of them. */
  static List<Map<String, Object>> of(List<Block> blocks) {
    Embeds embeds = new Embeds();
    int room = MOST_IN_ALL / blocks.size();
    return blocks.stream().map(block -> embeds.embed(block, room)).toList();
  }

  private Map<String, Object> embed(Block block, int room) {
    Map<String, Object> embed = new LinkedHashMap<>();
    String title = Markdown.escaped(block.title(), Math.min(MOST_TITLE, room / 2));
    embed.put("title", title);
    block
        .page()
        .map(this::distinct)
        .filter(address -> address.length() <= MOST_ADDRESS)
        .ifPresent(address -> embed.put("url", address));
    int left = room - title.length() - MORE.length();
    List<Map<String, Object>> fields = new ArrayList<>();
    boolean whole = true;
    for (Block.Line line : block.lines()) {
      if (line.label().isEmpty() && !embed.containsKey("description")) {
        String text = Markdown.escaped(line.text(), Math.min(MOST_DESCRIPTION, left));
        embed.put("description", text);
        left -= text.length();
        continue;
      }
      String name = Markdown.escaped(line.label(), MOST_NAME);
      int most = Math.min(MOST_VALUE, left - name.length());
      if (most < WORTH || fields.size() == MOST_FIELDS) {
        whole = false;
        break;
      }
      String value = Markdown.escaped(line.text(), most);
      fields.add(field(name, value));
      left -= name.length() + value.length();
    }
    if (!fields.isEmpty()) {
      embed.put("fields", fields);
    }
    if (!whole) {
      embed.put("footer", Map.of("text", MORE));
    }
    return embed;
  }

  /** Discord refuses what is empty. */
  private static Map<String, Object> field(String name, String value) {
    Map<String, Object> field = new LinkedHashMap<>();
    field.put("name", name.isEmpty() ? "\u200b" : name);
    field.put("value", value.isEmpty() ? "\u200b" : value);
    field.put("inline", value.length() < 40);
    return field;
  }

  private String distinct(URI page) {
    String address = page.toASCIIString();
    String distinct = address;
    for (int i = 2; !addresses.add(distinct); i++) {
      distinct = address + (page.getRawFragment() == null ? "#" : "-") + i;
    }
    return distinct;
  }
}
