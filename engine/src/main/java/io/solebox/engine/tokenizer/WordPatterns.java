package io.solebox.engine.tokenizer;

/**
 * The patterns that split text into words, by what they take for one. They are those of llama.cpp
 * (ggml-org/llama.cpp: src/llama-vocab.cpp), which here and there are wider than what a model was
 * trained with: there, letters of all cases are one where they are not ASCII, and spaces are never
 * part of a range of ideographs.
 */
final class WordPatterns {
  /** English endings, as the tail of a word or by themselves. */
  private static final String ENDING = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";

  private static final String SPACES = "|\\s+(?!\\S)|\\s+";
  private static final String LINES_AND_SPACES = "|\\s*[\\r\\n]+" + SPACES;
  private static final String SIGNS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
  private static final String SIGNS_AND_SLASHES = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
  private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";

  /** openai/gpt-2: src/encoder.py. */
  static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+" + SPACES;

  /** meta-llama/llama3: llama/tokenizer.py. */
  static final String LLAMA3 = ENDING + "|" + WORD + "|\\p{N}{1,3}" + SIGNS + LINES_AND_SPACES;

  /** Llama 3 with digits one by one. */
  static final String QWEN2 = ENDING + "|" + WORD + "|\\p{N}" + SIGNS + LINES_AND_SPACES;

  /** Qwen 2 with marks that belong to their letters. */
  static final String QWEN35 =
      ENDING
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
          + LINES_AND_SPACES;

  /** Qwen 2 without English endings. */
  static final String UFAKZEKA = WORD + "|\\p{N}" + SIGNS + LINES_AND_SPACES;

  /** Llama 3 with digits in any number. */
  static final String MINICPM5 = ENDING + "|" + WORD + "|\\p{N}+" + SIGNS + LINES_AND_SPACES;

  static final String SEED_CODER =
      ENDING + "|" + WORD + "|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+" + LINES_AND_SPACES;

  static final String BAILINGMOE =
      ENDING + "|" + WORD + "|\\p{N}" + SIGNS + "|\\s*[\\r\\n]" + SPACES;

  /** Words go on over single spaces. */
  static final String EXAONE_MOE =
      ENDING
          + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]"
          + SPACES;

  static final String JAIS2 =
      ENDING
          + "|"
          + WORD
          + "|\\p{N}{1,3}"
          + SIGNS
          + "|\\s*[\\r\\n]+|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)"
          + "|\\s{32}(?!\\S)|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s";

  /** Words break before capitals, which are known of ASCII alone. */
  static final String TEKKEN =
      cased("\\p{L}", "") + "|\\p{N}" + SIGNS_AND_SLASHES + LINES_AND_SPACES;

  static final String GPT4O =
      cased("\\p{L}", ENDING + "?") + "|\\p{N}{1,3}" + SIGNS_AND_SLASHES + LINES_AND_SPACES;

  static final String GRANITE_EMBEDDING =
      cased("\\p{L}\\p{M}", ENDING + "?") + "|\\p{N}{1,3}" + SIGNS_AND_SLASHES + LINES_AND_SPACES;

  static final String TINY_AYA =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+"
          + ENDING
          + "?|\\p{N}{1,3}"
          + SIGNS_AND_SLASHES
          + LINES_AND_SPACES;

  static final String YOUTU =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+"
          + ENDING
          + "?|\\p{N}"
          + SIGNS_AND_SLASHES
          + LINES_AND_SPACES;

  /** Ideographs by themselves (moonshotai/Kimi-K2: tokenization_kimi.py). */
  static final String KIMI_K2 =
      "[HAN]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}&&[^HAN]]+ENDING?|\\p{N}{1,3}"
              .replace("HAN", han())
              .replace("ENDING", ENDING)
          + SIGNS
          + LINES_AND_SPACES;

  /** deepseek-ai/DeepSeek-V3: tokenizer.json. */
  static final String DEEPSEEK3 = deepSeek3("[\\r\\n]*|\\s*[\\r\\n]+");

  static final String SPARK = deepSeek3("|[\\r\\n]");

  static final String BLOOM = " ?[^(\\s|.,!?\\u2026\\u3002\\uff0c\\u3001\\u0964\\u06d4\\u060c)]+";

  /** Digits in groups of three from the right; the first group keeps what stands before it. */
  static final String THREES = "\\P{N}*\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))|\\P{N}+";

  static final String IDEOGRAPHS_AND_KANA = "[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+";

  static final String IDEOGRAPHS_AND_HANGUL =
      "[\\u4e00-\\u9fa5\\u0800-\\u4e00\\uac00-\\ud7ff&&\\S]+";

  static final String EAST_ASIAN =
      "[\\uac00-\\ud7a3\\u3131-\\u318e]+"
          + "|[\\uff01\\u2026\\u201c\\u201d\\u2018\\u2019\\u2014\\uff1a\\uff1b\\uff0c"
          + "\\u3001-\\u303f\\ufe30-\\ufe4f]+"
          + "|[\\u3105-\\u312f]+|"
          + IDEOGRAPHS_AND_KANA;

  static final String AFMOE_SCRIPTS =
      "[\\u4e00-\\u9fff\\u3400-\\u4dbf\\u8c48-\\ufaff\\u3040-\\u309f\\u30a0-\\u30ff"
          + "\\uff65-\\uff9f\\u2f00-\\u2fdf\\u0e40-\\u0e7f\\u0e80-\\u0eff\\u1780-\\u17ff"
          + "\\u1000-\\u109f\\uaa60-\\uaa7f\\ua9e0-\\ua9ff\\uac00-\\ud7af\\u1100-\\u11ff]+";

  static final String DEEPSEEK_SIGNS =
      "\\s?[!-/:-~\\uff01-\\uff0f\\uff1a-\\uff5e\\u2018-\\u201f\\u3001-\\u3002]+";

  /** Letters that have cases (deepseek-ai/deepseek-llm-7b-base: tokenizer.json). */
  static final String DEEPSEEK_LETTERS =
      "\\s?["
          + "A-Za-z\\u00b5\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u01ba\\u01bc-\\u01bf"
          + "\\u01c4-\\u0293\\u0295-\\u02af\\u0370-\\u0373\\u0376\\u0377\\u037b-\\u037d"
          + "\\u037f\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03f5\\u03f7-"
          + "\\u0481\\u048a-\\u052f\\u0531-\\u0556\\u10a0-\\u10c5\\u13a0-\\u13f5\\u13f8"
          + "-\\u13fd\\u1c90-\\u1cba\\u1cbd-\\u1cbf\\u1d00-\\u1d2b\\u1d6b-\\u1d77"
          + "\\u1d79-\\u1d9a\\u1e00-\\u1f15\\u1f18-\\u1f1d\\u1f20-\\u1f45\\u1f48-"
          + "\\u1f4d\\u1f50-\\u1f57\\u1f59\\u1f5b\\u1f5d\\u1f5f-\\u1f7d\\u1f80-\\u1fb4"
          + "\\u1fb6-\\u1fbc\\u1fbe\\u1fc2-\\u1fc4\\u1fc6-\\u1fcc\\u1fd0-\\u1fd3\\u1fd6"
          + "-\\u1fdb\\u1fe0-\\u1fec\\u1ff2-\\u1ff4\\u1ff6-\\u1ffc\\u2102\\u2107\\u210a"
          + "-\\u2113\\u2115\\u2119-\\u211d\\u2124\\u2126\\u2128\\u212a-\\u212d\\u212f-"
          + "\\u2134\\u2139\\u213c-\\u213f\\u2145-\\u2149\\u214e\\u2183\\u2184\\u2c00-"
          + "\\u2c7b\\u2c7e-\\u2ce4\\u2ceb-\\u2cee\\u2cf2\\u2cf3\\ua640-\\ua66d\\ua680-"
          + "\\ua69b\\ua722-\\ua76f\\ua771-\\ua787\\ua78b-\\ua78e\\uab70-\\uabbf\\ufb00"
          + "-\\ufb06\\ufb13-\\ufb17\\uff21-\\uff3a\\uff41-\\uff5a\\x{10400}-\\x{1044f}"
          + "\\x{104b0}-\\x{104d3}\\x{104d8}-\\x{104fb}\\x{10c80}-\\x{10cb2}\\x{10cc0}-"
          + "\\x{10cf2}\\x{118a0}-\\x{118df}\\x{1e900}-\\x{1e943}"
          + "]+";

  private WordPatterns() {}

  private static String cased(String letters, String tail) {
    String upper = "[" + letters + "&&[^a-z]]";
    String lower = "[" + letters + "&&[^A-Z]]";
    String lead = "[^\\r\\n\\p{L}\\p{N}]?";
    return lead + upper + "*" + lower + "+" + tail + "|" + lead + upper + "+" + lower + "*" + tail;
  }

  private static String deepSeek3(String lines) {
    return "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
        + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+"
        + lines
        + SPACES;
  }

  private static String han() {
    return "\\u4e00-\\u9fff\\u3400-\\u4dbf\\x{20000}-\\x{2a6df}\\x{2a700}-\\x{2b73f}"
        + "\\x{2b740}-\\x{2b81f}\\x{2b820}-\\x{2ceaf}\\x{2ceb0}-\\x{2ebef}"
        + "\\uf900-\\ufaff\\x{2f800}-\\x{2fa1f}";
  }
}
