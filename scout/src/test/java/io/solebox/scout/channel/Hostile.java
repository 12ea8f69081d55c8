package io.solebox.scout.channel;

import java.util.List;

/** Titles that somebody wrote who means no good, or cannot write. */
public final class Hostile {
  public static final List<String> TITLES =
      List.of(
          "@everyone @here <@123456789> <@&42> <#7> V100",
          "**V100** __32GB__ ~~sold~~ ||hidden|| `code` [click](https://evil.example)",
          "https://evil.example/login <https://evil.example>",
          "<b>V100</b> <img src=x onerror=alert(1)> & \"quotes\" 'single'",
          "\u202eBG23 001V\u202c \u200f\u200ereversed",
          "😀".repeat(500),
          "*".repeat(480),
          "\\".repeat(480),
          "@".repeat(480),
          "@room V100\r\nBcc: everybody@example.org\r\n\r\n.\r\n",
          "🏳️‍🌈👨‍👩‍👧‍👦 特斯拉 V100 32GB 显卡 ÄÖÜß ﷽",
          "");

  private Hostile() {}
}
