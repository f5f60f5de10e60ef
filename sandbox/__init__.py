"""A stand-in world for developers: WeChat's server, Alipay's gateway, phones, tills and people, none of it real."""
