/**
 * Keys and tokens that tell by their beginning whose they are, as their issuers document them for scanners. Each
 * begins where no letter, digit, hyphen or underscore stands before it, so that a long run is tried once.
 */
const FORMS = [
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}', // AWS
  'gh[pousr]_[A-Za-z0-9]{30,255}', // GitHub
  'github_pat_[A-Za-z0-9_]{22,255}',
  'gl(?:pat|ptt|rt|dt|ft|soat|cbt|imt)-[A-Za-z0-9_-]{20,64}', // GitLab
  'xox[abeoprs]-[A-Za-z0-9-]{10,255}', // Slack
  'xapp-\\d-[A-Za-z0-9-]{10,255}',
  '(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,255}', // Stripe
  'sk-(?:ant-|proj-|or-v1-|svcacct-|admin-)?[A-Za-z0-9_-]{20,255}', // OpenAI, Anthropic, OpenRouter
  'AIza[A-Za-z0-9_-]{35}', // Google
  'ya29\\.[A-Za-z0-9_-]{20,1024}',
  'GOCSPX-[A-Za-z0-9_-]{28}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[A-Za-z0-9_-]{50,1024}',
  'hf_[A-Za-z0-9]{30,64}', // Hugging Face
  'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}', // SendGrid
  'dop_v1_[a-f0-9]{64}', // DigitalOcean
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', // Shopify
  'dapi[a-f0-9]{32}(?:-\\d)?', // Databricks
  'xai-[A-Za-z0-9]{40,128}',
  'gsk_[A-Za-z0-9]{40,128}', // Groq
  'AGE-SECRET-KEY-1[A-Z0-9]{50,64}',
  'lin_api_[A-Za-z0-9]{32,64}', // Linear
  'hv[sbr]\\.[A-Za-z0-9_-]{20,255}', // Vault
  'eyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{8,8192}\\.[A-Za-z0-9_-]{8,2048}', // JSON Web Token
  '\\d{8,10}:AA[A-Za-z0-9_-]{33}', // Telegram
] as const;

export const KEY = new RegExp(`(?<![A-Za-z0-9_-])(?:${FORMS.join('|')})(?![A-Za-z0-9])`, 'g');

/** What a text has that holds one of them: cheaper to ask than all of their forms. */
export const KEY_SIGN =
  /A(?:KIA|SIA|BIA|CCA|Iza|GE-S)|g(?:h[pousr]_|ithub_p|l[a-z]{2,4}-|sk_)|x(?:ox|app-|ai-)|[sr]k[-_]|whsec_|ya29|GOCS|npm_|pypi-|hf_|SG\.|dop_|shp|dapi|lin_a|hv[sbr]\.|eyJ|:AA/;
