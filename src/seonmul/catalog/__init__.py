"""What can be bought: brands, categories, products and their two price lists. C1, C2, M3.

Refuses to know who bought what.
Nouns: brand, category, product, offer (a product on one list).
"""
