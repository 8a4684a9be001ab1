/**
 * Words that stand capitalised and are no names of people: places, peoples, companies, products; folded. Some of
 * them are given names as well, and then count as names only beside another name.
 */
const NOT_NAMES: ReadonlySet<string> = new Set(
  `
africa african alabama alaska albania albanian alberta algeria algerian alps america american americas amsterdam andorra angola antarctica arab arabia arabic argentina argentine arizona arkansas armenia armenian asia asian athens atlanta atlantic auckland australia australian austria austrian azerbaijan
baghdad bahamas bahrain baltimore bangkok bangladesh barbados barcelona basel bavaria beijing beirut belarus belgian belgium belgrade berlin bern bermuda birmingham bogota bolivia bombay bordeaux bosnia boston botswana brasil brazil brazilian brisbane bristol britain british brooklyn brunei brussels bucharest budapest buffalo bulgaria bulgarian
cairo calcutta calgary california cambodia cambridge cameroon canada canadian canberra caracas caribbean carolina catalan cayman chechen chechnya chicago chile chilean china chinese cleveland cologne colombia colombian colorado columbia columbus congo connecticut copenhagen costa croatia croatian cuba cuban cyprus czech czechia
dakota dallas danish delaware delhi denmark denver detroit dominican dubai dublin dusseldorf dutch ecuador edinburgh egypt egyptian england eritrea eritrean essex estonia estonian ethiopia ethiopian europe european fiji finland finnish flemish florence florida france frankfurt french
gaza geneva genoa georgia german germany ghana gibraltar glasgow gothenburg greece greek greenland greenlander guatemala guinea guyana haiti hamburg hanoi havana hawaii hebrew helsinki hessen hindi hispanic honduras hongkong houston hungarian hungary iceland icelandic idaho igbo illinois india indian indiana indianapolis indonesia indonesian iowa iran iranian iraq iraqi ireland irish
israel israeli istanbul italian italy jakarta jamaica jamaican japan japanese jersey jerusalem jewish jordan kansas kenya kentucky kiev korea korean kosovo kuwait kyiv kyoto lagos laos latvia latvian lebanon leeds leipzig liberia libya lima lisbon lithuania lithuanian liverpool london louisiana luxembourg lyon
macedonia madagascar madison madrid maine malawi malaysia mali malta manchester manhattan manila marseille maryland massachusetts mauritius melbourne memphis mexican mexico miami michigan milan milwaukee minneapolis minnesota mississippi missouri moldova monaco mongolia montana montreal morocco moscow mozambique mumbai munich myanmar
nairobi namibia naples nashville nebraska nepal netherlands nevada newcastle nicaragua niger nigeria nigerian nordic norway norwegian nottingham ohio oklahoma oman ontario oregon orleans osaka oslo ottawa oxford pakistan pakistani palestine palestinian panama paraguay paris pennsylvania persian perth peru philadelphia philippines phoenix pittsburgh poland polish porto portland portugal portuguese prague quebec
richmond riga rio romania romanian rome rotterdam russia russian rwanda sacramento samoa santiago saudi scandinavian scotland scottish seattle senegal seoul serbia serbian seville shanghai sheffield siberia sicily singapore slovak slovakia slovenia slovenian somalia spain spanish stockholm stuttgart sudan suisse sweden swedish swiss switzerland sydney syria syrian
tahiti taipei taiwan tallinn tampa tanzania tasmania tehran tennessee texas thai thailand tibet tokyo toronto toulouse tunisia turin turkey turkish uganda ukraine ukrainian uruguay utah uzbekistan valencia vatican venezuela venice vermont victoria vienna vietnam vietnamese virginia wales warsaw welsh wisconsin wyoming yemen yorkshire zagreb zambia zimbabwe zurich
accenture acme adidas adobe airbnb airbus alibaba alphabet altria amazon amd anthropic apache apple asana asus atlassian audi aws azure barclays bayer bentley bing bitcoin blackrock bloomberg bmw boeing bosch bugatti capgemini caterpillar chatgpt chevron chrome chrysler cisco citigroup citrix claude cloudflare coinbase colgate comcast confluence contoso copilot costco csharp datadog debian deloitte dell deutsche disney django docker docusign doordash dropbox dynatrace ebay emirates ericsson
ethereum excel expedia exxon facebook fedex ferrari fidelity firefox flickr ford fujitsu gazprom gemini gmail github gitlab goldman google grafana groupon gucci hadoop halliburton hermes heroku hilton honda hyundai ibm ikea infosys instagram intel intuit java javascript jenkins jira kafka kubernetes lenovo lexus lexmark linkedin linux lloyds lockheed loreal lufthansa lyft macbook macintosh mariadb mastercard mazda mcdonalds mercedes microsoft mistral mongodb motorola mozilla
mysql nasdaq nestle netflix netsuite nike nintendo nissan nokia northwind novartis nvidia okta openai oracle outlook oxfam palantir panasonic paypal pepsi pepsico pfizer philips pinterest podman porsche postgres postgresql prometheus prudential python qualcomm quickbooks reddit redis renault reuters revolut roche salesforce samsung sap sharepoint shopify siemens skype slack snapchat snowflake sony spotify sqlite starbucks stripe subaru suzuki swift symantec
telegram terraform tesla toshiba toyota trello tripadvisor tumblr twilio twitter typescript uber ubuntu unilever verizon vimeo visa vmware vodafone volkswagen volvo walmart whatsapp wikipedia windows wordpress workday xerox yahoo yelp youtube zendesk zillow zoom
allah bible buddha catholic christ christmas democrat democrats easter hanukkah islam islamic jesus jew jews muslim muslims quran ramadan republican republicans senate torah
mon tue tues wed thu thur fri sat sun
ruby julia pascal haskell perl ada earl mckinsey poisson aka oh ah ex wow hmm okay asap attn avenue ave bvd blvd btw cc cfo chf cio com dept dkk dr eta etc faq fwd fyi inc jr md mr mrs ms nok no op para phd pln prof rev sek sr st str suite tbd tel url utc vat vp vs www
abstract acknowledgement acknowledgements agreements appendices bylaws checkout clauses counterparties counterparty deliverable deliverables escrow forecasts indemnification indemnify indemnity invoicing lessee lessor liabilities licensee licensor onboarding offboarding overrun parties preamble recitals reimbursement severability signatories signatory sublicense subcontractor subcontractors underwriting waivers warranties warrants
analyst analysts assistant bot chatbot copilot developer developers finance hr legal manager marketing model prompt support user users assistant
`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Places and companies of two words that look like names of people; folded, joined by a blank. */
const NOT_NAMES_TOGETHER: ReadonlySet<string> = new Set(
  `morgan stanley,charles schwab,wells fargo,goldman sachs,ernst young,johnson johnson,louis vuitton,ralph lauren,calvin klein,
tommy hilfiger,hugo boss,giorgio armani,john deere,jack daniels,mary kay,eli lilly,merrill lynch,arthur andersen,thomson reuters,
harley davidson,rolls royce,alfa romeo,aston martin,booz allen,sherwin williams,oliver wyman,santa clara,san jose,san diego,
santa monica,santa barbara,santa fe,santa cruz,los angeles,las vegas,san francisco,san antonio,san juan,san marino,el paso,
saint louis,st louis,hong kong,sri lanka,puerto rico,tel aviv,abu dhabi,kuala lumpur,buenos aires,monte carlo,port louis,
martin luther,virginia beach,jordan river,victoria falls,hewlett packard,procter gamble,dow jones,levi strauss,warner bros`
    .split(',')
    .map((name) => name.trim()),
);

export const isNoName = (word: string): boolean => NOT_NAMES.has(word);
export const isNoNameTogether = (words: string): boolean => NOT_NAMES_TOGETHER.has(words);
