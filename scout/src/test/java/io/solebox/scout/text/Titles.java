package io.solebox.scout.text;

import java.util.Random;

/**
 * Titles by chance: words that rules look for, among letters, signs and emoji that nobody would.
 */
public final class Titles {
  private static final String[] WORDS = {
    "NVIDIA",
    "Tesla",
    "V100",
    "A1OO",
    "P40",
    "SXM2",
    "PCIe",
    "32GB",
    "16 GB",
    "lot of",
    "4x",
    "x4",
    "2 Stück",
    "Kühler",
    "für",
    "with",
    "heatsink",
    "(no box)",
    "699-2G506-0200-300",
    "[H]",
    "[W]",
    "WTB",
    "server",
    "@everyone",
    "<@123>",
    "**",
    "🔥",
    "4️⃣",
    "\u202e",
    "Łódź",
    "Γειά",
    "Привет",
    "显卡",
    "x",
    "()",
    "-",
    "+",
    "\"",
    "*",
    "~",
    "%s",
    "\\",
    "$1",
    "0",
    "9999999999",
    "1e9",
    ""
  };

  private static final String JOINTS = "  -/,.+&_([";

  private Titles() {}

  /** Of up to 30 words. */
  public static String random(Random random) {
    StringBuilder title = new StringBuilder();
    int words = random.nextInt(30);
    for (int i = 0; i < words; i++) {
      title.append(random.nextInt(8) == 0 ? letters(random) : WORDS[random.nextInt(WORDS.length)]);
      title.append(JOINTS.charAt(random.nextInt(JOINTS.length())));
    }
    return title.toString();
  }

  /** Halves of pairs, too, as cut feeds have them. */
  private static String letters(Random random) {
    StringBuilder letters = new StringBuilder();
    int length = random.nextInt(6);
    for (int i = 0; i < length; i++) {
      letters.append(
          switch (random.nextInt(4)) {
            case 0 -> Character.toString((char) (0xd800 + random.nextInt(0x800)));
            case 1 -> Character.toString(0x1f300 + random.nextInt(0x400));
            case 2 -> Character.toString(0x4e00 + random.nextInt(0x1000));
            default -> Character.toString(0x20 + random.nextInt(0x5f));
          });
    }
    return letters.toString();
  }

  /** The same with a mark over each vowel. */
  public static String accented(String title) {
    return title.replaceAll("[aeouAEOU]", "$0\u0301");
  }
}
